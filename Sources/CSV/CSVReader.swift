/// Reads delimited text (RFC 4180) from blocks of any size. The bytes of a record are kept until it is complete.
///
/// A record ends at LF, CRLF or CR, or at the end of the input. Lines without a byte are passed over. A field that
/// begins with a quote runs to the closing one, over lines if need be; a quote inside an unquoted field is an ordinary
/// byte, and only spaces and tabs may follow a closing one. A UTF-8 byte order mark at the start is dropped.
///
/// A quote that should not be there would swallow all lines up to the next quote. So a record over several lines is
/// doubted if the number of columns is known (``CSVShapes``): if its further lines read as records of their own, its
/// first line alone is a fault, and reading goes on with the second.
package struct CSVReader: Sendable {
    let form: CSVForm
    let maximumRecordBytes: Int
    let delimiter: UInt8
    /// The quote as a number that no byte has where there are no quotes.
    let quote: UInt16
    let comment: UInt16
    let fieldEnds: ByteScanner
    let quotedStops: ByteScanner
    let lineEnds: ByteScanner

    /// The physical line on which the next record starts, counted from 1.
    var line: Int64
    /// Whether the input ended in CR, so that an LF at the start of the next block belongs to it.
    var isAfterCarriageReturn = false
    /// Whether the rest of a line is skipped because it was too long or is a comment.
    var isSkippingLine = false
    /// The shapes of the records; nil where the first record does not say how many columns there are.
    var shapes: CSVShapes?
    private var isAtStart = true
    private var carry: [UInt8] = []

    /// - Parameters:
    ///   - maximumRecordBytes: Longer records are given up as `recordTooLong`.
    ///   - line: The physical line on which the input begins.
    ///   - hasHeader: Whether the first record names the columns, so that the others should have as many.
    package init(
        _ form: CSVForm = CSVForm(), maximumRecordBytes: Int = 1 << 20, line: Int64 = 1, hasHeader: Bool = false
    ) {
        self.form = form
        self.maximumRecordBytes = maximumRecordBytes
        self.line = line
        delimiter = form.delimiter
        quote = form.quote.map(UInt16.init) ?? .max
        comment = form.comment.map(UInt16.init) ?? .max
        fieldEnds = ByteScanner(form.delimiter, .lineFeed, .carriageReturn)
        quotedStops = ByteScanner(form.quote ?? .lineFeed, .lineFeed, .carriageReturn)
        lineEnds = ByteScanner(.lineFeed, .lineFeed, .carriageReturn)
        if hasHeader { shapes = CSVShapes(form) }
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
        (batch.quote, batch.escape) = (form.quote, form.escape)
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
            let consumed = scan(bytes, from: start, isLast: isLast, into: &batch)
            shapes?.keep(batch, bytes)
            return consumed
        }
        carry.removeAll(keepingCapacity: true)
        carry.append(contentsOf: bytes[consumed...])
    }
}

extension UInt8 {
    package static let quote = UInt8(ascii: "\"")
    static let lineFeed = UInt8(ascii: "\n")
    static let carriageReturn = UInt8(ascii: "\r")
}
