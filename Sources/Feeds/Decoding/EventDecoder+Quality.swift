import CSV
import Domain

/// The expectation of a column that a file has.
struct ColumnCheck: Sendable {
    let column: Int
    /// The place among the expectations.
    let place: Int
    /// The place among those of unique columns; nil for a column that may have a value twice.
    let uniquePlace: Int?
    let expected: ColumnExpectation
}

extension EventDecoder {
    /// The expectations of the columns that the header has. One of a missing column shows in the batch.
    static func checks(_ index: ColumnIndex) throws(FeedError) -> [ColumnCheck] {
        let expect = index.mapping.expect
        let unique = expect.uniqueColumns
        var checks: [ColumnCheck] = []
        for (place, expected) in expect.columns.enumerated() {
            let column = Mapping.Column(name: expected.name, key: "expect.columns", line: nil, isOptional: true)
            guard let found = try index.position(of: column) else { continue }
            checks.append(
                ColumnCheck(
                    column: found, place: place, uniquePlace: unique.firstIndex(of: place), expected: expected))
        }
        return checks
    }

    static func names(of attributes: AttributeColumns, _ header: [String]) -> [String] {
        switch attributes {
        case .json(let column): [header[column]]
        case .texts(let columns, _): columns.map { header[$0.column] }
        }
    }

    /// Checks that the value of a column is as expected.
    func check(_ row: Row, _ check: ColumnCheck) throws(Rejection) {
        let text = row.text(check.column)
        let bytes = row.bytes.span.extracting(text)
        let expected = check.expected
        guard !(expected.kind == .text ? bytes.isEmpty : isNone(bytes)) else {
            guard !expected.isRequired else { throw missing(check.column) }
            return
        }
        func value() -> String { "\(name(check.column)): \(RawText.quoted(row.bytes.span.extracting(text)))" }
        switch expected.kind {
        case .text: break
        case .integer, .number:
            guard let number = numbers.read(bytes, grouped: true), number.isFinite,
                expected.kind == .number || number == number.rounded()
            else {
                let wanted = expected.kind == .number ? "a number" : "a whole number"
                throw Rejection(.unexpectedType, "\(value()) is expected to be \(wanted)")
            }
            if let range = expected.range, !range.contains(number) {
                throw Rejection(
                    .unexpectedValue,
                    "\(value()) is expected to be \(range.lowerBound) to \(range.upperBound)")
            }
        case .boolean:
            let word = String(decoding: row.bytes[text], as: UTF8.self).lowercased()
            guard Self.truths.contains(word) else {
                throw Rejection(.unexpectedType, "\(value()) is expected to be true or false")
            }
        case .date:
            let day = String(decoding: row.bytes[text].prefix(10), as: UTF8.self)
            guard LocalDay(day) != nil else {
                throw Rejection(.unexpectedType, "\(value()) is expected to begin with a date such as 2021-12-31")
            }
        }
        if let allowed = expected.allowed, !allowed.contains(String(decoding: row.bytes[text], as: UTF8.self)) {
            throw Rejection(.unexpectedValue, "\(value()) is not one of the expected values")
        }
    }

    private static let truths: Set<String> = ["true", "false", "t", "f", "yes", "no", "y", "n", "1", "0"]

    /// Counts the value of a checked column of a record that became events.
    func note(_ row: Row, _ check: ColumnCheck, _ events: Int, in quality: inout RecordQuality) {
        let text = row.text(check.column)
        guard !text.isEmpty else { return }
        quality.values[check.place] += events
        guard let place = check.uniquePlace else { return }
        var hasher = Hasher()
        row.bytes[text].withUnsafeBytes { hasher.combine(bytes: $0) }
        quality.uniqueHashes[place].append(UInt64(bitPattern: Int64(hasher.finalize())))
    }

    /// Counts the fields of a record that was rejected because a value is missing.
    func countBlanks(of rejection: Rejection, in quality: inout RecordQuality) {
        switch rejection.reason {
        case .missingValue:
            quality.fields += usedColumns.count
            quality.blankFields += 1
        case .emptyRow:
            quality.fields += usedColumns.count
            quality.blankFields += usedColumns.count
        default: break
        }
    }

    // MARK: Remedies

    /// Makes the fields blank in which the word false stands for a missing value.
    ///
    /// - Returns: Whether there was one.
    func blankFalse(_ record: CSVRecord, of batch: inout RecordBatch) -> Bool {
        var hasFound = false
        for column in falseForNull {
            let field = record.fields.lowerBound + column
            // A row that is still held would have all fields copied by the change.
            let text = Row(bytes: batch.bytes, fields: batch.fields, firstField: record.fields.lowerBound).text(column)
            guard text.count == 5, Self.isFalse(batch.bytes[text]) else { continue }
            batch.fields[field] = CSVField(text.lowerBound..<text.lowerBound, isEscaped: false)
            hasFound = true
        }
        return hasFound
    }

    private static func isFalse(_ text: ArraySlice<UInt8>) -> Bool {
        text.elementsEqual("false".utf8) { $0 | 0x20 == $1 }
    }

    /// The coordinates, exchanged where that is the rule and only then they are inside the bounds.
    func mendedCoordinates(
        _ row: Row
    ) throws(Rejection) -> (longitude: Double, latitude: Double, isSwapped: Bool) {
        do throws(Rejection) {
            let (longitude, latitude) = try coordinates(row)
            return (longitude, latitude, false)
        } catch {
            guard mapping.remedies.swapsCoordinates,
                [.badNumber, .outOfRange, .outOfBounds, .notProjectable].contains(error.reason),
                let swapped = swappedCoordinates(row)
            else { throw error }
            return (swapped.longitude, swapped.latitude, true)
        }
    }

    /// The coordinates with the columns, or the order in one column, exchanged; nil where they are no place inside the
    /// bounds.
    private func swappedCoordinates(_ row: Row) -> (longitude: Double, latitude: Double)? {
        try? coordinates(row, isSwapped: true)
    }

    /// The number of a text as JSON writes it; nil when it is none that JSON can write in the same digits.
    func number(_ text: Span<UInt8>) -> [UInt8]? {
        guard text.count <= 40, let value = numbers.read(text, grouped: true), value.isFinite,
            var digits = numbers.plain(text, grouped: true)
        else { return nil }
        let isNegative = digits.first == UInt8(ascii: "-")
        if isNegative { digits.removeFirst() }
        // 007 is a code and no number, and JSON has neither .5 nor 5.
        guard let first = digits.first, Glyph.isDigit(first), digits.last.map(Glyph.isDigit) == true,
            first != UInt8(ascii: "0") || digits.count == 1 || !Glyph.isDigit(digits[1])
        else { return nil }
        return (isNegative ? [UInt8(ascii: "-")] : []) + digits
    }
}
