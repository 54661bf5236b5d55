/// The nine bytes that every frame of HTTP/2 begins with (RFC 9113, 4.1).
struct FrameHeader: Equatable {
    enum Kind: UInt8 {
        case data
        case headers
        case priority
        case reset
        case settings
        case pushPromise
        case ping
        case goAway
        case windowUpdate
        case continuation
        /// RFC 9218, 7.1.
        case priorityUpdate = 16
    }

    /// Bytes of a header.
    static let size = 9

    /// Bytes of the payload that follows, below 2^24.
    let length: Int
    /// `nil` for a type that is not known here, which receivers pass over.
    let kind: Kind?
    let flags: UInt8
    /// 0 is the connection itself.
    let stream: UInt32

    init(length: Int, kind: Kind?, flags: UInt8 = 0, stream: UInt32 = 0) {
        self.length = length
        self.kind = kind
        self.flags = flags
        self.stream = stream
    }

    /// - Parameter bytes: Nine at least.
    init(_ bytes: UnsafeRawBufferPointer) {
        length = Int(bytes[0]) << 16 | Int(bytes[1]) << 8 | Int(bytes[2])
        kind = Kind(rawValue: bytes[3])
        flags = bytes[4]
        stream = bytes.loadUnaligned(fromByteOffset: 5, as: UInt32.self).bigEndian & 0x7fff_ffff
    }

    /// END_STREAM of DATA and HEADERS: nothing follows in the stream.
    var endsStream: Bool { flags & 0x1 != 0 }
    /// ACK of SETTINGS and PING.
    var isAcknowledgement: Bool { flags & 0x1 != 0 }
    /// END_HEADERS of HEADERS and CONTINUATION: nothing follows in the header block.
    var endsBlock: Bool { flags & 0x4 != 0 }

    /// The header as it is sent.
    var bytes: [UInt8] {
        [
            UInt8(length >> 16 & 0xff), UInt8(length >> 8 & 0xff), UInt8(length & 0xff), kind?.rawValue ?? .max, flags,
            UInt8(stream >> 24 & 0x7f), UInt8(stream >> 16 & 0xff), UInt8(stream >> 8 & 0xff), UInt8(stream & 0xff),
        ]
    }
}
