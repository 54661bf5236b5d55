/// Finds the headers of frames in what a client sends and skips the rest. It stores no bytes.
struct FrameReader {
    /// The first bytes are not the preface of an HTTP/2 client.
    struct WrongPreface: Error {}

    /// The preface (RFC 9113, 3.4).
    static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)

    private var prefaceLeft = Self.preface.count
    /// Bytes of the last frame's payload that have not come yet.
    private(set) var payloadLeft = 0

    /// - Parameters:
    ///   - bytes: What was received, in order, beginning with what the last call left.
    ///   - position: The index to continue at; afterwards the index after the header, or where fewer bytes than a
    ///     header are left.
    mutating func next(
        in bytes: UnsafeRawBufferPointer, at position: inout Int
    ) throws(WrongPreface) -> FrameHeader? {
        if prefaceLeft > 0 {
            let step = min(prefaceLeft, bytes.count - position)
            let wanted = Self.preface[(Self.preface.count - prefaceLeft)...].prefix(step)
            guard bytes[position...].prefix(step).elementsEqual(wanted) else { throw WrongPreface() }
            position += step
            prefaceLeft -= step
        }
        let step = min(payloadLeft, bytes.count - position)
        position += step
        payloadLeft -= step
        guard payloadLeft == 0, bytes.count - position >= FrameHeader.size else { return nil }
        let header = FrameHeader(.init(rebasing: bytes[position...]))
        position += FrameHeader.size
        payloadLeft = header.length
        return header
    }
}
