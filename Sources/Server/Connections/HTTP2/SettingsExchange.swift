import NIOHTTP2

/// Speaks the settings of HTTP/2 with the client in place of the codec.
///
/// The codec takes a stream above the number that it has told for an error of the connection. Here it is an error of
/// that stream alone (RFC 9113, 5.1.2): the codec is set to take more than the client is told, and hears at once that
/// the client agrees, before the first stream; the client's own word comes too late for those that it opened meanwhile.
struct SettingsExchange {
    /// Streams that a client may have open at a time.
    static let concurrentStreams = 100
    /// Bytes of the header fields of one request, unpacked, each with 32 more.
    private static let headerListSize = 16 * 1024

    /// Settings that the codec works with.
    static let ofCodec = [
        HTTP2Setting(parameter: .maxConcurrentStreams, value: 1 << 20),
        HTTP2Setting(parameter: .maxHeaderListSize, value: headerListSize),
    ]

    /// The frame that the client gets.
    static let told: [UInt8] =
        FrameHeader(length: 12, kind: .settings).bytes + entry(3, concurrentStreams) + entry(6, headerListSize)
    /// A client's frame that agrees.
    static let acknowledgement = FrameHeader(length: 0, kind: .settings, flags: 1).bytes

    private enum State {
        /// The first frame of the client is awaited.
        case awaited
        /// The client's settings are being received.
        case coming
        /// The codec has heard that the client agrees, which it has not said yet.
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

    /// Whether what is to be written first is the codec's settings, in whose place ``told`` is sent.
    mutating func replacesFirstWrite() -> Bool {
        defer { isTold = true }
        return !isTold
    }

    /// - Returns: Whether a frame is the client's word that it agrees, which the codec has heard already.
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

    /// At the end of a frame.
    /// - Returns: Whether the codec is to hear now that the client agrees.
    mutating func isAcknowledgementDue() -> Bool {
        guard case .coming = state else { return false }
        state = .come
        return true
    }

    private static func entry(_ parameter: UInt8, _ value: Int) -> [UInt8] {
        [0, parameter] + [24, 16, 8, 0].map { UInt8(value >> $0 & 0xff) }
    }
}
