import CSV
import Domain

/// Turns records of one file into events, by a mapping whose columns were found in the file's header.
///
/// It is a value without reference to a file or a clock, so copies can decode different record batches at the same
/// time.
struct EventDecoder: Sendable {
    static let maximumTypeBytes = 256
    static let maximumIDBytes = 512
    /// The largest number of events that one record can stand for.
    static let maximumCount = 10_000

    let mapping: Mapping
    /// The time zone of times without an offset.
    let zone: ZoneOffsets
    let columnNames: [String]
    let eventTypeColumn: Int?
    let eventIDColumn: Int?
    let time: DateSource<Int>
    let clock: ClockSource<Int>
    let place: Place
    let countColumn: Int?
    /// The columns of expenditures; nil where records become events.
    let expenditure: ExpenditurePlaces?
    let filters: [(column: Int, filter: Mapping.Filter)]
    let numbers: NumberReader
    /// The delimiter of CSV; nil for JSON, where no record is blank.
    let delimiter: UInt8?
    /// Whether records are rows of a sheet: blank cells at their end are left out there, and dates may be in ISO 8601,
    /// whatever the patterns of the mapping are.
    let isSheet: Bool
    /// The clock readings in the years that the mapping believes, in seconds since 1970 as if clocks showed UTC.
    let believedReadings: Range<Int64>?
    let likelyTimes: Range<Instant>
    let attributes: AttributeColumns
    /// The columns that are used, each once.
    let usedColumns: [Int]
    /// How many fields a record has at least that has all that an event needs. Only attributes may be missing.
    let leastFields: Int
    /// The names of the columns with attributes, in their order.
    let attributeNames: [String]
    /// The expectations of columns that the file has.
    let checks: [ColumnCheck]
    /// The number of columns whose values are expected once.
    let uniqueColumns: Int
    /// The columns in which the word false stands for a missing value.
    let falseForNull: [Int]

    enum Place: Sendable {
        /// Two columns; nil where the file does not have one and the mapping allows that. Every record is rejected
        /// then.
        case point(longitude: Int?, latitude: Int?)
        /// One column with both; nil where the file does not have it and the mapping allows that.
        case text(Int?, PlaceText.Axes)
        case name(Int, Mapping.NamedPlaces)
        case area(Int, Mapping.NamedAreas)
    }

    enum AttributeColumns: Sendable {
        case json(Int)
        /// A key `"key":` for each column as in the object, and the constants as finished members.
        case texts([AttributeColumn], constants: [UInt8])
    }

    /// A column whose texts become an attribute.
    struct AttributeColumn: Sendable {
        /// The key as in the object, with its colon.
        let key: [UInt8]
        let column: Int
        /// Whether a number is written as one.
        var isNumber = false
    }

    /// Decodes a record and adds it to the event chunk, as events or as a dead letter.
    ///
    /// - Parameters:
    ///   - index: The index of the record in its record batch.
    ///   - rowNumber: The row number, 1 for the first record after the header. The record's events share it.
    ///   - problem: Why the record cannot be decoded, if its reader found that.
    /// - Returns: How many events and dead letters were added; 0 when the mapping leaves the record out.
    func decode(
        _ index: Int, of batch: inout RecordBatch, rowNumber: Int64, problem: Rejection?, into chunk: inout EventChunk
    ) -> Int {
        chunk.quality.begin(attributeNames, expected: mapping.expect.columns.count, unique: uniqueColumns)
        do throws(Rejection) {
            if let problem { throw problem }
            return try decodeEvents(batch.records[index], of: &batch, rowNumber: rowNumber, into: &chunk)
        } catch {
            let record = batch.records[index]
            countBlanks(of: error, in: &chunk.quality)
            chunk.deadLetters.append(
                DeadLetter(
                    rowNumber: rowNumber, lineNumber: record.line, raw: RawText.lossless(batch.bytes[record.range]),
                    reasonCode: error.reason.rawValue, detail: error.detail))
            return 1
        }
    }

    /// Decodes a record. Everything is checked before anything is added, so a rejected record leaves no trace in the
    /// chunk.
    private func decodeEvents(
        _ record: CSVRecord, of batch: inout RecordBatch, rowNumber: Int64, into chunk: inout EventChunk
    ) throws(Rejection) -> Int {
        try checkShape(record, of: batch)
        let isShort = record.fields.count < columnNames.count
        let record = isShort ? batch.padded(record, to: columnNames.count) : record
        for column in usedColumns { batch.unescape(record.fields.lowerBound + column) }
        if delimiter != nil, mapping.dialect.layout.hasFormulaGuard { removeGuards(record, of: &batch) }
        let isFalseForNull = !falseForNull.isEmpty && blankFalse(record, of: &batch)
        let row = Row(bytes: batch.bytes, fields: batch.fields, firstField: record.fields.lowerBound)
        if delimiter != nil, !RawText.isPlainASCII(batch.bytes.span.extracting(record.range)) {
            try checkCharacters(row)
        }
        guard filters.isEmpty || isWanted(row) else { return 0 }
        if let expenditure {
            try decodeExpenditure(row, expenditure, line: record.line, rowNumber: rowNumber, into: &chunk)
            if isFalseForNull { chunk.quality.remedies.add(.falseForNull) }
            return 1
        }
        let count = try count(row)
        guard count > 0 else { return 0 }
        let eventType = try eventType(row)
        let timestamp = try timestamp(row)
        let (longitude, latitude, isSwapped) = try mendedCoordinates(row)
        let eventID = try eventID(row)
        for check in checks { try self.check(row, check) }
        var hasNumbers = false
        for ordinal in 1...count {
            hasNumbers = try appendAttributes(row, to: &chunk.attributes, &chunk.quality)
            chunk.rowNumbers.append(rowNumber)
            chunk.eventTypes.append(eventType)
            // Events of one record share its id. A number is appended, because an id that comes twice would replace the
            // first event.
            chunk.eventIDs.append(ordinal == 1 || eventID.isEmpty ? eventID : eventID + Array("#\(ordinal)".utf8))
            chunk.timestamps.append(timestamp)
            chunk.longitudes.append(longitude)
            chunk.latitudes.append(latitude)
        }
        chunk.quality.fields += count * usedColumns.count
        for check in checks { note(row, check, count, in: &chunk.quality) }
        if isSwapped { chunk.quality.remedies.add(.swappedCoordinates) }
        if isFalseForNull { chunk.quality.remedies.add(.falseForNull) }
        if hasNumbers { chunk.quality.remedies.add(.numbersAsText) }
        if !likelyTimes.contains(timestamp) {
            chunk.unlikelyTimes.add(line: record.line) { (timeText(row) ?? "the time", localDay(timestamp)) }
        }
        return count
    }

    private func checkShape(_ record: CSVRecord, of batch: RecordBatch) throws(Rejection) {
        switch record.fault {
        case .unterminatedQuote:
            let most = mapping.dialect.layout.form(delimiter: delimiter ?? 0).maximumQuotedLines
            throw Rejection(
                .unterminatedQuote,
                "a quote opens on this line and is never closed: not before other records begin, within "
                    + "\(most) lines (max_quoted_lines) or before the file ends")
        case .textAfterQuote:
            throw Rejection(
                .textAfterQuote,
                "text follows a quote that closes a field; a quote within quotes is written twice. If the file has "
                    + "backslashes before quotes, state escape: in the mapping; if its quotes enclose nothing, "
                    + "quote: none"
            )
        case .recordTooLong:
            throw Rejection(.recordTooLong, "the record that starts on this line is longer than the limit")
        case nil: break
        }
        guard let delimiter else { return }
        // A record is not blank if it has a byte other than delimiters, quotes and space. Most have one near the start.
        let isBlank = batch.bytes[record.range].allSatisfy {
            $0 == delimiter || $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") || $0 == UInt8(ascii: "\"")
        }
        guard !isBlank else { throw Rejection(.emptyRow, "every field is blank") }
        guard record.fields.count != columnNames.count, !isReadable(record, of: batch) else { return }
        throw Rejection(.wrongColumnCount, "\(record.fields.count) fields where the header has \(columnNames.count)")
    }

    /// Whether a record with more or fewer fields than the header can be read: what it has more is blank, or what it
    /// lacks are columns without a name, or attributes.
    private func isReadable(_ record: CSVRecord, of batch: RecordBatch) -> Bool {
        let count = record.fields.count
        guard count < columnNames.count else {
            return record.fields.dropFirst(columnNames.count).allSatisfy { field in
                batch.bytes[batch.fields[field].range].allSatisfy {
                    $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t")
                }
            }
        }
        if isSheet || columnNames[count...].allSatisfy(\.isEmpty) { return true }
        return count >= leastFields && count > 1 && mapping.dialect.layout.shortRows == .blank
    }

    /// Whether a record lacks fields that have a name, and was read all the same.
    func isShort(_ record: CSVRecord) -> Bool {
        delimiter != nil && !isSheet && record.fault == nil && record.fields.count < columnNames.count
            && !columnNames[record.fields.count...].allSatisfy(\.isEmpty)
    }

    /// Takes the apostrophe away that our own CSV has in front of texts that a spreadsheet would take for formulas.
    private func removeGuards(_ record: CSVRecord, of batch: inout RecordBatch) {
        for column in usedColumns {
            let field = record.fields.lowerBound + column
            let range = batch.fields[field].range
            guard let first = range.first, batch.bytes[first] == UInt8(ascii: "'") else { continue }
            batch.fields[field] = CSVField(first + 1..<range.upperBound, isEscaped: false)
        }
    }

    private func checkCharacters(_ row: Row) throws(Rejection) {
        for column in usedColumns {
            let field = row.text(column)
            let text = row.bytes.span.extracting(field)
            guard RawText.isUTF8(text) else {
                throw Rejection(.badUTF8, "\(name(column)) is not UTF-8: \(RawText.quoted(text))")
            }
            guard !row.bytes[field].contains(0) else {
                throw Rejection(.nulByte, "\(name(column)) holds a NUL byte: \(RawText.quoted(text))")
            }
        }
    }

    func name(_ column: Int) -> String { "column \"\(columnNames[column])\"" }
}
