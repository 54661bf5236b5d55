import CSV
import Risk

/// Turns records of one file into events, by a mapping whose columns were found in the file's header.
///
/// A value without reference to a file or a clock: copies may decode different batches at the same time.
struct EventDecoder: Sendable {
    static let maximumTypeBytes = 256
    static let maximumIDBytes = 512

    let mapping: Mapping
    /// Of times without an offset.
    let zone: ZoneOffsets
    let columnNames: [String]
    let eventTypeColumn: Int?
    let eventIDColumn: Int?
    let timeColumn: Int
    let hourColumn: Int?
    let longitudeColumn: Int
    let latitudeColumn: Int
    let attributes: AttributeColumns
    /// All of the above, each once.
    let usedColumns: [Int]

    enum AttributeColumns: Sendable {
        case json(Int)
        /// Per column `"key":` as it goes into the object; the constants as finished members.
        case texts([(key: [UInt8], column: Int)], constants: [UInt8])
    }

    /// Decodes a record and adds it to the chunk, as an event or as a dead letter.
    ///
    /// - Parameters:
    ///   - index: the record's place in the batch.
    ///   - rowNumber: its place in the file, 1 for the first after the header.
    func decode(_ index: Int, of batch: inout CSVBatch, rowNumber: Int64, into chunk: inout EventChunk) {
        do throws(Rejection) {
            try decodeEvent(batch.records[index], of: &batch, into: &chunk)
            chunk.rowNumbers.append(rowNumber)
        } catch {
            let record = batch.records[index]
            chunk.deadLetters.append(
                DeadLetter(
                    rowNumber: rowNumber, lineNumber: record.line, raw: RawText.lossless(batch.bytes[record.range]),
                    reasonCode: error.reason.rawValue, detail: error.detail))
        }
    }

    /// Checks everything before it adds anything, so that a rejected record leaves no trace in the chunk.
    private func decodeEvent(
        _ record: CSVRecord, of batch: inout CSVBatch, into chunk: inout EventChunk
    ) throws(Rejection) {
        try checkShape(record, of: batch)
        for column in usedColumns { batch.unescape(record.fields.lowerBound + column) }
        let row = Row(bytes: batch.bytes, fields: batch.fields, firstField: record.fields.lowerBound)
        if !RawText.isPlainASCII(batch.bytes.span.extracting(record.range)) { try checkCharacters(row) }
        let eventType = try eventType(row)
        let timestamp = try timestamp(row)
        let (longitude, latitude) = try coordinates(row)
        let eventID = try eventID(row)
        try appendAttributes(row, to: &chunk.attributes)
        chunk.eventTypes.append(eventType)
        chunk.eventIDs.append(eventID)
        chunk.timestamps.append(timestamp)
        chunk.longitudes.append(longitude)
        chunk.latitudes.append(latitude)
    }

    private func checkShape(_ record: CSVRecord, of batch: CSVBatch) throws(Rejection) {
        switch record.fault {
        case .unterminatedQuote:
            throw Rejection(.unterminatedQuote, "a quote opens on this line and is never closed")
        case .recordTooLong:
            throw Rejection(.recordTooLong, "the record that starts on this line is longer than the limit")
        case nil: break
        }
        // A record with a byte other than delimiters, quotes and space is not empty, and most have one at the start.
        let isBlank = batch.bytes[record.range].allSatisfy {
            $0 == mapping.delimiter || $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") || $0 == UInt8(ascii: "\"")
        }
        guard !isBlank else { throw Rejection(.emptyRow, "every field is blank") }
        guard record.fields.count == columnNames.count else {
            throw Rejection(
                .wrongColumnCount, "\(record.fields.count) fields where the header has \(columnNames.count)")
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
