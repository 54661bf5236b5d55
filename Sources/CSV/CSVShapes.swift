/// Tells by their shape whether the further lines of a record are records of their own: they have as many fields, with
/// numbers where the records before have numbers.
///
/// A text of several lines that was quoted on purpose seldom has such lines. A quote that nobody meant swallows nothing
/// but such lines.
struct CSVShapes: Sendable {
    /// How many records are remembered.
    private static let remembered = 8
    /// The number of columns from which on it alone tells a record, where no numbers are known.
    private static let tellingColumns = 3

    private let form: CSVForm
    /// The number of columns; nil until the header was read.
    private(set) var columns: Int?
    /// The place of the header in the batch that is being filled.
    private var header: Int?
    /// The last records of earlier batches. What is found must not depend on where a block ends.
    private var recent: [CSVShape] = []

    init(_ form: CSVForm) { self.form = form }

    /// Takes the newest record of the batch for the header.
    mutating func learn(from batch: RecordBatch) {
        header = batch.records.count - 1
        columns = batch.records.last?.fields.count
    }

    /// Remembers the last records of a batch that is full.
    mutating func keep(_ batch: RecordBatch, _ bytes: UnsafeRawBufferPointer) {
        recent = known(batch, bytes)
        header = nil
    }

    /// Whether the lines from the second one of a record look like records.
    ///
    /// - Parameters:
    ///   - start: Where the record starts.
    ///   - end: Where its last line ends.
    ///   - fieldCount: The number of fields that it has as one record.
    ///   - batch: The records before it.
    func hasRecords(
        _ bytes: UnsafeRawBufferPointer, after start: Int, to end: Int, fieldCount: Int, _ batch: RecordBatch,
        _ lineEnds: ByteScanner
    ) -> Bool {
        guard let columns, columns > 1 else { return false }
        let known = known(batch, bytes)
        var index = lineEnds.next(in: bytes, from: start)
        let numbers = known.isEmpty ? ownNumbers(bytes, start..<index, columns) : Self.usualNumbers(known)
        guard numbers != 0 || columns >= Self.tellingColumns else { return false }
        func isUsual(_ count: Int) -> Bool { count == columns || known.contains { $0.count == count } }
        var fitting = 0
        var others = 0
        var lastFits = false
        while index < end {
            index += 1
            let lineEnd = min(lineEnds.next(in: bytes, from: index), end)
            let line = index..<lineEnd
            index = lineEnd
            // There is an empty line between CR and LF.
            guard bytes[line].contains(where: { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") }) else { continue }
            let (shape, _) = CSVShape.read(bytes, line, form)
            lastFits =
                isUsual(shape.count) && numbers & ~(shape.numbers | shape.blanks) == 0
                && (numbers == 0 || numbers & shape.numbers != 0)
            if lastFits { fitting += 1 } else { others += 1 }
        }
        guard fitting > 0 else { return false }
        // As one record it would be rejected anyway.
        guard isUsual(fieldCount) else { return true }
        // A line with a stray quote has all its fields; the first line of a text lacks those that come after the text.
        let first = CSVShape.read(bytes, start..<lineEnds.next(in: bytes, from: start), form).shape
        guard first.count >= known.map(\.count).min() ?? columns else { return false }
        return fitting > others || fitting == others && lastFits
    }

    /// The shapes of the last records that have about as many fields as there are columns.
    private func known(_ batch: RecordBatch, _ bytes: UnsafeRawBufferPointer) -> [CSVShape] {
        guard let columns else { return [] }
        var found: [CSVShape] = []
        var place = batch.records.count - 1
        while place > header ?? -1, found.count < Self.remembered {
            let record = batch.records[place]
            let count = record.fields.count
            if record.fault == nil, count > 1, (columns - 1...columns + 1).contains(count) {
                found.append(CSVShape(bytes, record.fields.lazy.map { batch.fields[$0].range }))
            }
            place -= 1
        }
        return Array((recent + found.reversed()).suffix(Self.remembered))
    }

    /// The columns in which all records have a number, or nothing.
    private static func usualNumbers(_ shapes: [CSVShape]) -> UInt64 {
        var numbers: UInt64 = 0
        var texts: UInt64 = 0
        for shape in shapes {
            numbers |= shape.numbers
            texts |= ~(shape.numbers | shape.blanks)
        }
        return numbers & ~texts
    }

    /// The numbers of the record's first line, taken as a record of its own, where no record stands before it.
    private func ownNumbers(_ bytes: UnsafeRawBufferPointer, _ line: Range<Int>, _ columns: Int) -> UInt64 {
        let (shape, closed) = CSVShape.read(bytes, line, form)
        guard shape.count != columns, closed < 64 else { return shape.numbers }
        return shape.numbers & (1 << UInt64(closed) - 1)
    }
}

/// The number of fields of a record, and in which of the first 64 there are numbers.
struct CSVShape: Sendable {
    private(set) var count = 0
    /// The bits of fields that begin like a number.
    private(set) var numbers: UInt64 = 0
    /// The bits of fields without any text.
    private(set) var blanks: UInt64 = 0

    /// The shape of a record whose fields are known.
    init(_ bytes: UnsafeRawBufferPointer, _ fields: some Sequence<Range<Int>>) {
        for field in fields { add(bytes, field) }
    }

    /// The shape of a physical line as if it were a record; a quote that the line does not close is an ordinary byte.
    ///
    /// - Returns: The shape, and how many fields stand before such a quote.
    static func read(
        _ bytes: UnsafeRawBufferPointer, _ line: Range<Int>, _ form: CSVForm
    ) -> (shape: CSVShape, closed: Int) {
        var shape = CSVShape(bytes, EmptyCollection())
        var closed: Int?
        var index = line.lowerBound
        while true {
            let start = index
            var field = start..<start
            if index < line.upperBound, bytes[index] == form.quote {
                if let close = closing(bytes, line, index, form) {
                    field = start + 1..<close.quote
                    index = close.end
                } else {
                    closed = closed ?? shape.count
                }
            }
            if index == start {
                while index < line.upperBound, bytes[index] != form.delimiter { index += 1 }
                field = start..<index
            }
            shape.add(bytes, field)
            guard index < line.upperBound else { return (shape, closed ?? shape.count) }
            index += 1
        }
    }

    /// The quote that closes the field whose quote is at `open`, and the end of the field after it.
    private static func closing(
        _ bytes: UnsafeRawBufferPointer, _ line: Range<Int>, _ open: Int, _ form: CSVForm
    ) -> (quote: Int, end: Int)? {
        var index = open + 1
        while index < line.upperBound {
            if bytes[index] == form.escape {
                index += 2
            } else if bytes[index] != form.quote {
                index += 1
            } else if index + 1 < line.upperBound, bytes[index + 1] == form.quote {
                index += 2
            } else {
                var end = index + 1
                while end < line.upperBound, bytes[end] != form.delimiter {
                    guard bytes[end] == UInt8(ascii: " ") || bytes[end] == UInt8(ascii: "\t") else { return nil }
                    end += 1
                }
                return (index, end)
            }
        }
        return nil
    }

    private mutating func add(_ bytes: UnsafeRawBufferPointer, _ field: Range<Int>) {
        let bit: UInt64 = count < 64 ? 1 << UInt64(count) : 0
        count += 1
        var text = bytes[field].drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
        if text.isEmpty { blanks |= bit }
        if text.first == UInt8(ascii: "-") || text.first == UInt8(ascii: "+") { text = text.dropFirst() }
        if text.first == UInt8(ascii: ".") { text = text.dropFirst() }
        if let digit = text.first, digit &- UInt8(ascii: "0") < 10 { numbers |= bit }
    }
}
