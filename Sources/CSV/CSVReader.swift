/// Reads delimited text (RFC 4180) from blocks of any size. The bytes of a record are kept until it is complete.
///
/// A record ends at LF, CRLF or CR, or at the end of the input. Lines without a byte are passed over. A field that
/// begins with a quote runs to the closing one, over lines if need be; a quote inside an unquoted field is an ordinary
/// byte. A UTF-8 byte order mark at the start is dropped.
package struct CSVReader: Sendable {
    let delimiter: UInt8
    let maximumRecordBytes: Int
    let fieldEnds: ByteScanner
    let quotedStops: ByteScanner
    let lineEnds: ByteScanner

    /// The physical line on which the next record starts, counted from 1.
    var line: Int64 = 1
    /// Whether the input ended in CR, so that an LF at the start of the next block belongs to it.
    var isAfterCarriageReturn = false
    /// Whether the rest of a line is skipped because it was too long.
    var isSkippingLine = false
    private var isAtStart = true
    private var carry: [UInt8] = []

    /// - Parameter maximumRecordBytes: Longer records are given up as `recordTooLong`, which bounds the cost of a
    ///   stray quote.
    package init(delimiter: UInt8 = UInt8(ascii: ","), maximumRecordBytes: Int = 1 << 20) {
        self.delimiter = delimiter
        self.maximumRecordBytes = maximumRecordBytes
        fieldEnds = ByteScanner(delimiter, .lineFeed, .carriageReturn)
        quotedStops = ByteScanner(.quote, .lineFeed, .carriageReturn)
        lineEnds = ByteScanner(.lineFeed, .lineFeed, .carriageReturn)
    }

    /// Replaces `batch` with the records that `piece` completes.
    package mutating func read(_ piece: Span<UInt8>, into batch: inout RecordBatch) {
        fill(&batch, with: piece, isLast: false)
    }

    /// Replaces `batch` with what is left at the end of the input.
    package mutating func finish(into batch: inout RecordBatch) {
        let nothing: [UInt8] = []
        fill(&batch, with: nothing.span, isLast: true)
    }

    private mutating func fill(_ batch: inout RecordBatch, with piece: Span<UInt8>, isLast: Bool) {
        precondition(carry.count + piece.count < 1 << 31, "a block of input is limited to 2 GiB")
        batch.removeAll()
        swap(&batch.bytes, &carry)
        piece.withUnsafeBufferPointer { batch.bytes.append(contentsOf: $0) }
        let bytes = batch.bytes
        let consumed = bytes.withUnsafeBytes { bytes in
            var start = 0
            if isAtStart {
                let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
                if !isLast, bytes.count < mark.count, mark.starts(with: bytes) { return 0 }
                start = bytes.starts(with: mark) ? mark.count : 0
                isAtStart = false
            }
            return scan(bytes, from: start, isLast: isLast, into: &batch)
        }
        carry.removeAll(keepingCapacity: true)
        carry.append(contentsOf: bytes[consumed...])
    }
}

extension UInt8 {
    static let quote = UInt8(ascii: "\"")
    static let lineFeed = UInt8(ascii: "\n")
    static let carriageReturn = UInt8(ascii: "\r")
}
