import NIOHTTP2

/// Exchanges HTTP/2 settings with the client in place of the codec.
///
/// For the codec, a stream above the announced number is an error of the connection. Here it is an error of that stream
/// alone (RFC 9113, 5.1.2). So the codec is set to accept more streams than the client is told, and it is told that the
/// client agreed before the first stream: the client's real acknowledgement would come too late for streams it opens
/// early.
struct SettingsExchange {
    /// How many streams a client may have open at a time.
    static let concurrentStreams = 100
    /// The largest size of the header fields of one request, uncompressed, each counted with 32 more bytes.
    private static let headerListSize = 16 * 1024

    /// The settings that the codec works with.
    static let ofCodec = [
        HTTP2Setting(parameter: .maxConcurrentStreams, value: 1 << 20),
        HTTP2Setting(parameter: .maxHeaderListSize, value: headerListSize),
    ]

    /// The frame that the client gets.
    static let told: [UInt8] =
        FrameHeader(length: 12, kind: .settings).bytes + entry(3, concurrentStreams) + entry(6, headerListSize)
    /// An acknowledgement, as if the client had sent it.
    static let acknowledgement = FrameHeader(length: 0, kind: .settings, flags: 1).bytes

    private enum State {
        /// The first frame of the client has not come yet.
        case awaited
        /// The client's settings are being received.
        case coming
        /// The codec was told that the client agreed, which the client itself has not said yet.
        case come
        case agreed
    }

    private var state = State.awaited
    private var isTold = false

    /// Whether the client's settings have been received.
    var haveCome: Bool {
        switch state {
        case .awaited, .coming: false
        case .come, .agreed: true
        }
    }

    /// Whether the next write is the codec's settings, which are replaced by ``told``.
    mutating func replacesFirstWrite() -> Bool {
        defer { isTold = true }
        return !isTold
    }

    /// - Returns: Whether a frame is the client's acknowledgement, of which the codec was told before.
    mutating func takes(_ frame: FrameHeader) -> Bool {
        switch state {
        case .awaited:
            if frame.kind == .settings, !frame.isAcknowledgement { state = .coming }
            return false
        case .come:
            guard frame.kind == .settings, frame.isAcknowledgement, frame.length == 0, frame.stream == 0 else {
                return false
            }
            state = .agreed
            return true
        case .coming, .agreed: return false
        }
    }

    /// Notes the end of a frame.
    /// - Returns: Whether the codec must now be told that the client agreed.
    mutating func isAcknowledgementDue() -> Bool {
        guard case .coming = state else { return false }
        state = .come
        return true
    }

    private static func entry(_ parameter: UInt8, _ value: Int) -> [UInt8] {
        [0, parameter] + [24, 16, 8, 0].map { UInt8(value >> $0 & 0xff) }
    }
}
