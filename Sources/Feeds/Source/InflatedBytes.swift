import CZlib

/// Decompresses gzip, of one member or several, or the bare deflate data of a zip member.
final class InflatedBytes: ByteStream {
    enum Container {
        /// A gzip file, which has checksums of its own.
        case gzip
        case zipMember
    }

    /// The size from which on the ratio counts. Data that decompresses to many times its size is malicious: text
    /// compresses to a tenth or a hundredth, and deflate cannot exceed 1032 to 1.
    static let trustedBytes: UInt64 = 1 << 20
    static let greatestRatio: UInt64 = 500

    private let source: any ByteStream
    private let container: Container
    private let path: String
    private let limit: UInt64
    /// The zlib stream; on the heap, because zlib keeps its address.
    private let state: UnsafeMutablePointer<z_stream>
    private var input: [UInt8] = []
    private var position = 0
    /// Whether the stream is between two gzip members, where the file may end.
    private var isBetweenMembers = false
    private var isAtEnd = false
    private var packedSize: UInt64 = 0
    private var size: UInt64 = 0

    init(_ source: any ByteStream, _ container: Container, of file: EventFile) throws(FeedError) {
        let path = file.path
        self.source = source
        self.container = container
        self.path = path
        limit = file.mostUnpacked.map(UInt64.init) ?? .max
        state = .allocate(capacity: 1)
        state.initialize(to: z_stream())
        // According to zlib.h, 16 more than the window's size in bits means gzip, a negative size bare deflate data.
        let windowBits: Int32 = if case .gzip = container { 15 + 16 } else { -15 }
        guard hextant_inflate_init(state, windowBits) == Z_OK else {
            throw FeedError(.encoding, file: path, "cannot be unpacked: there is not enough memory")
        }
    }

    deinit {
        inflateEnd(state)
        state.deallocate()
    }

    func next() throws(FeedError) -> [UInt8]? {
        var output: [UInt8] = []
        output.reserveCapacity(pieceBytes)
        while output.count < pieceBytes, !isAtEnd {
            guard try refill() else { break }
            let status = inflate(into: &output)
            switch status {
            case Z_OK, Z_BUF_ERROR: break
            case Z_STREAM_END: try endMember()
            default: throw damaged("the compressed data are damaged (zlib \(status))")
            }
        }
        guard !output.isEmpty else { return nil }
        size += UInt64(output.count)
        // Bytes that were read ahead have not been decompressed yet.
        let unpackedFrom = packedSize - UInt64(input.count - position)
        guard size <= Self.trustedBytes || size / Self.greatestRatio <= unpackedFrom else {
            throw FeedError(
                .encoding, file: path,
                "unpacks to more than \(Self.greatestRatio) times its size, which no file of events does; "
                    + "if it is right, unpack it first")
        }
        guard size <= limit else {
            throw FeedError(
                .encoding, file: path,
                "unpacks to more than \(limit) bytes, the limit of this server; send it in parts")
        }
        return output
    }

    /// Reads more input; false at the end of the file, which within a member is an error.
    private func refill() throws(FeedError) -> Bool {
        if position < input.count { return true }
        guard let piece = try source.next() else {
            guard isBetweenMembers else { throw damaged("the file is cut short within its compressed data") }
            isAtEnd = true
            return false
        }
        (input, position) = (piece, 0)
        packedSize += UInt64(piece.count)
        return true
    }

    private func inflate(into output: inout [UInt8]) -> Int32 {
        let room = min(pieceBytes - output.count, 1 << 16)
        var status = Z_OK
        let produced = [UInt8](unsafeUninitializedCapacity: room) { buffer, initialized in
            input.withUnsafeMutableBufferPointer { input in
                state.pointee.next_in = input.baseAddress! + position
                state.pointee.avail_in = UInt32(input.count - position)
                state.pointee.next_out = buffer.baseAddress
                state.pointee.avail_out = UInt32(room)
                isBetweenMembers = false
                status = CZlib.inflate(state, Z_NO_FLUSH)
                position = input.count - Int(state.pointee.avail_in)
                initialized = room - Int(state.pointee.avail_out)
            }
        }
        output.append(contentsOf: produced)
        return status
    }

    /// Ends a gzip member. A gzip file is a series of members (RFC 1952); some writers pad it with zeros.
    private func endMember() throws(FeedError) {
        guard case .gzip = container else {
            isAtEnd = true
            return
        }
        isBetweenMembers = true
        while try refill() {
            guard input[position] != 0 else {
                position += 1
                continue
            }
            guard inflateReset(state) == Z_OK else { throw damaged("zlib cannot begin the next member") }
            return
        }
    }

    private func damaged(_ problem: String) -> FeedError {
        FeedError(.encoding, file: path, "\(problem); download or pack it again")
    }
}
