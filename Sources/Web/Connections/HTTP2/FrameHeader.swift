/// The first nine bytes of every HTTP/2 frame (RFC 9113, 4.1).
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
        /// PRIORITY_UPDATE (RFC 9218, 7.1).
        case priorityUpdate = 16
    }

    /// The size of a header in bytes.
    static let size = 9

    /// The size of the payload that follows in bytes, below 2^24.
    let length: Int
    /// The type of the frame; `nil` for an unknown one, which receivers ignore.
    let kind: Kind?
    let flags: UInt8
    /// The stream; 0 is the connection itself.
    let stream: UInt32

    init(length: Int, kind: Kind?, flags: UInt8 = 0, stream: UInt32 = 0) {
        self.length = length
        self.kind = kind
        self.flags = flags
        self.stream = stream
    }

    /// - Parameter bytes: At least nine bytes.
    init(_ bytes: UnsafeRawBufferPointer) {
        length = Int(bytes[0]) << 16 | Int(bytes[1]) << 8 | Int(bytes[2])
        kind = Kind(rawValue: bytes[3])
        flags = bytes[4]
        stream = bytes.loadUnaligned(fromByteOffset: 5, as: UInt32.self).bigEndian & 0x7fff_ffff
    }

    /// Whether END_STREAM is set, in DATA and HEADERS: nothing follows in the stream.
    var endsStream: Bool { flags & 0x1 != 0 }
    /// Whether ACK is set, in SETTINGS and PING.
    var isAcknowledgement: Bool { flags & 0x1 != 0 }
    /// Whether END_HEADERS is set, in HEADERS and CONTINUATION: nothing follows in the header block.
    var endsBlock: Bool { flags & 0x4 != 0 }

    /// The encoded header.
    var bytes: [UInt8] {
        [
            UInt8(length >> 16 & 0xff), UInt8(length >> 8 & 0xff), UInt8(length & 0xff), kind?.rawValue ?? .max, flags,
            UInt8(stream >> 24 & 0x7f), UInt8(stream >> 16 & 0xff), UInt8(stream >> 8 & 0xff), UInt8(stream & 0xff),
        ]
    }
}
