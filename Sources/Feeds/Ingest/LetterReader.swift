import CSV
package import Domain

/// Reads the dead letters of one file again, each as the record that it was.
package struct LetterReader: Sendable {
    private let mapping: Mapping
    private let zone: ZoneOffsets
    /// The decoder and delimiter of a CSV file; nil for JSON, where records name their columns themselves.
    private let table: (decoder: EventDecoder, delimiter: UInt8)?

    /// - Parameters:
    ///   - header: The file's header line as stored with its batch; empty where the format has none.
    ///   - defaultZone: The dataset's IANA time zone.
    /// - Throws: `FeedError` when the header lacks a column of the mapping.
    package init(mapping: Mapping, header: String, defaultZone: String) throws(FeedError) {
        self.mapping = mapping
        zone = try ZoneOffsets(of: mapping, default: defaultZone)
        guard !header.isEmpty else {
            table = nil
            return
        }
        let bytes = RawText.original(header)
        var dialect = mapping.dialect
        dialect.format = .csv
        dialect = dialect.completed(by: bytes)
        let delimiter = dialect.delimiter ?? UInt8(ascii: ",")
        guard let names = Self.fields(of: bytes, delimiter) else {
            throw FeedError(.header, file: "header", line: 1, "the header line of the batch cannot be read")
        }
        let decoder = try EventDecoder(
            mapping: mapping, header: names, file: "header", line: 1, dialect: dialect, defaultZone: zone)
        table = (decoder, delimiter)
    }

    /// Adds the events of a letter under its row number. Adds nothing when the letter still cannot be read or is left
    /// out.
    ///
    /// - Returns: Whether the letter could be read.
    package func read(_ letter: DeadLetter, into events: inout EventChunk) throws(FeedError) -> Bool {
        // Only the beginning of a record that was too long was kept.
        guard letter.reasonCode != RejectionReason.recordTooLong.rawValue else { return false }
        let text = text(letter)
        guard let table else { return try readObject(text, letter.rowNumber, into: &events) }
        guard var batch = Self.record(text, table.delimiter) else { return false }
        return Self.decode(&batch, by: table.decoder, letter.rowNumber, into: &events)
    }

    /// The record as UTF-8. Letters keep their decoded text. Where it still has bytes of the file, because it was taken
    /// for UTF-8 and is not, these are read in the mapping's encoding.
    private func text(_ letter: DeadLetter) -> [UInt8] {
        let bytes = RawText.original(letter.raw)
        return RawText.isUTF8(bytes.span) ? bytes : DecodedText.decodeEightBits(bytes, as: mapping.dialect.encoding)
    }

    private func readObject(
        _ text: [UInt8], _ rowNumber: Int64, into events: inout EventChunk
    ) throws(FeedError) -> Bool {
        // As the only element of an array it may contain line ends.
        let document = [UInt8(ascii: "[")] + text + [UInt8(ascii: "]")]
        var batch = RecordBatch()
        var probe = JSONReader(.document, columns: JSONColumns(records: [], wanted: []))
        probe.read(document, into: &batch)
        guard batch.records.count == 1, probe.problems.isEmpty, let record = batch.records.first,
            JSONDocumentStart.skipSpace(document, record.range.upperBound) == document.count - 1
        else { return false }
        let wanted = mapping.columns.filter { !$0.isOptional }.map(\.name)
        let columns = JSONColumns(records: [batch.bytes[record.range]], wanted: wanted)
        var dialect = mapping.dialect
        dialect.format = .json
        let decoder = try EventDecoder(
            mapping: mapping, header: columns.names, containers: columns.containers, file: "record", line: 1,
            dialect: dialect, defaultZone: zone)
        var reader = JSONReader(.document, columns: columns)
        reader.read(document, into: &batch)
        return Self.decode(&batch, by: decoder, rowNumber, into: &events)
    }

    private static func decode(
        _ batch: inout RecordBatch, by decoder: EventDecoder, _ rowNumber: Int64, into events: inout EventChunk
    ) -> Bool {
        let before = events.count
        _ = decoder.decode(0, of: &batch, rowNumber: rowNumber, problem: nil, into: &events)
        // The letter stays a dead letter.
        events.deadLetters.removeAll()
        return events.count > before
    }

    /// A record batch with the one record of the text; nil when it has none or more.
    private static func record(_ text: [UInt8], _ delimiter: UInt8) -> RecordBatch? {
        var reader = CSVReader(delimiter: delimiter)
        var batch = RecordBatch()
        var rest = RecordBatch()
        reader.read((text + [UInt8(ascii: "\n")]).span, into: &batch)
        reader.finish(into: &rest)
        return batch.records.count == 1 && rest.records.isEmpty ? batch : nil
    }

    private static func fields(of header: [UInt8], _ delimiter: UInt8) -> [String]? {
        guard var batch = record(header, delimiter), let record = batch.records.first, record.fault == nil else {
            return nil
        }
        return record.fields.map { field in
            batch.unescape(field)
            return String(decoding: batch.bytes[batch.fields[field].range], as: UTF8.self)
        }
    }
}
