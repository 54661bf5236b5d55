import CSV
package import Domain

/// Reads the dead letters of one file again, each as the record that it was.
package struct LetterReader: Sendable {
    /// The way to read the records under a header.
    private enum Kind: Sendable {
        case table(EventDecoder, CSVForm)
        /// JSON objects, which name their columns themselves.
        case objects
        /// JSON arrays.
        case rows(JSONLayout.Rows)
    }

    private let mapping: Mapping
    private let zone: ZoneOffsets
    private let headers: HeaderList
    /// The kinds of the headers, in their order.
    private let kinds: [Kind]

    /// - Parameters:
    ///   - header: The headers of the file as stored with its batch; empty where the format has none.
    ///   - defaultZone: The dataset's IANA time zone.
    /// - Throws: `FeedError` when a header lacks a column of the mapping.
    package init(mapping: Mapping, header: String, defaultZone: String) throws(FeedError) {
        self.mapping = mapping
        let zone = try ZoneOffsets(of: mapping, default: defaultZone)
        self.zone = zone
        headers = HeaderList(header)
        kinds = try headers.headers.map { header throws(FeedError) in try Self.kind(header.text, mapping, zone) }
    }

    private static func kind(_ header: String, _ mapping: Mapping, _ zone: ZoneOffsets) throws(FeedError) -> Kind {
        guard !header.isEmpty else { return .objects }
        let bytes = RawText.original(header)
        if header.hasPrefix("["), JSONLayoutSearch.isJSON(bytes) {
            let search = JSONLayoutSearch(bytes, isWhole: true, path: nil, wanted: [])
            return .rows(JSONLayout.Rows(names: search.layout(isLines: nil)?.rows?.names ?? []))
        }
        var dialect = mapping.dialect
        dialect = dialect.format == .xlsx ? dialect.reading(.workbook) : dialect.delimited(by: bytes)
        let form = dialect.layout.form(delimiter: dialect.delimiter ?? UInt8(ascii: ","))
        // A header ends with its line, also where line feeds are part of texts.
        var headerForm = form
        headerForm.keepsLineFeeds = false
        guard let names = fields(of: bytes, headerForm) else {
            throw FeedError(.header, file: "header", line: 1, "the header line of the batch cannot be read")
        }
        let decoder = try EventDecoder(
            mapping: mapping, header: names, file: "header", line: 1, dialect: dialect, defaultZone: zone)
        return .table(decoder, form)
    }

    /// Adds the events of a letter under its row number. Adds nothing when the letter still cannot be read or is left
    /// out.
    ///
    /// - Returns: Whether the letter could be read.
    package func read(_ letter: DeadLetter, into events: inout EventChunk) throws(FeedError) -> Bool {
        // Only the beginning of a record that was too long was kept.
        guard letter.reasonCode != RejectionReason.recordTooLong.rawValue else { return false }
        let text = text(letter)
        switch kinds[headers.place(ofRow: letter.rowNumber)] {
        case .objects: return try readValue(text, nil, letter, into: &events)
        case .rows(let rows): return try readValue(text, rows, letter, into: &events)
        case .table(let decoder, let form):
            guard var batch = Self.record(text, form) else { return false }
            return Self.decode(&batch, by: decoder, letter, into: &events)
        }
    }

    /// The record as UTF-8. Letters keep their decoded text. Where it still has bytes of the file, because it was taken
    /// for UTF-8 and is not, these are read in the mapping's encoding.
    private func text(_ letter: DeadLetter) -> [UInt8] {
        let bytes = RawText.original(letter.raw)
        return RawText.isUTF8(bytes.span) ? bytes : DecodedText.decodeWhole(bytes, as: mapping.dialect.encoding)
    }

    private func readValue(
        _ text: [UInt8], _ rows: JSONLayout.Rows?, _ letter: DeadLetter, into events: inout EventChunk
    ) throws(FeedError) -> Bool {
        // As the only element of an array it may contain line ends.
        let document = [UInt8(ascii: "[")] + text + [UInt8(ascii: "]")]
        let layout = JSONLayout(rows: rows)
        var batch = RecordBatch()
        var probe = JSONReader(layout, columns: JSONColumns(records: [], wanted: []))
        probe.read(document, into: &batch)
        guard batch.records.count == 1, probe.problems.isEmpty, let record = batch.records.first,
            JSONSpace.skip(document, record.range.upperBound) == document.count - 1
        else { return false }
        let wanted = mapping.wantedColumns
        let columns = JSONColumns(records: [batch.bytes[record.range]], rows: rows, wanted: wanted)
        var dialect = mapping.dialect
        dialect.format = .json
        let decoder = try EventDecoder(
            mapping: mapping, header: columns.names, containers: columns.containers, file: "record", line: 1,
            dialect: dialect, defaultZone: zone)
        var reader = JSONReader(layout, columns: columns)
        reader.read(document, into: &batch)
        return Self.decode(&batch, by: decoder, letter, into: &events)
    }

    private static func decode(
        _ batch: inout RecordBatch, by decoder: EventDecoder, _ letter: DeadLetter, into events: inout EventChunk
    ) -> Bool {
        let before = events.count
        let quality = events.quality
        _ = decoder.decode(0, of: &batch, rowNumber: letter.rowNumber, problem: nil, into: &events)
        // A record that still cannot be read was counted when it came first, as were the fields of one that lacked a
        // value. The next record may have other columns.
        if events.count == before {
            events.quality = quality
        } else if letter.reasonCode == RejectionReason.missingValue.rawValue {
            events.quality.fields -= decoder.usedColumns.count
            events.quality.blankFields -= 1
        }
        events.quality.fold()
        // The letter stays a dead letter.
        events.deadLetters.removeAll()
        return events.count > before
    }

    /// A record batch with the one record of the text; nil when it has none or more.
    private static func record(_ text: [UInt8], _ form: CSVForm) -> RecordBatch? {
        var reader = CSVReader(form)
        var batch = RecordBatch()
        var rest = RecordBatch()
        reader.read((text + Array("\r\n".utf8)).span, into: &batch)
        reader.finish(into: &rest)
        return batch.records.count == 1 && rest.records.isEmpty ? batch : nil
    }

    private static func fields(of header: [UInt8], _ form: CSVForm) -> [String]? {
        guard var batch = record(header, form), let record = batch.records.first, record.fault == nil else {
            return nil
        }
        return record.fields.map { field in
            batch.unescape(field)
            return String(decoding: batch.bytes[batch.fields[field].range], as: UTF8.self)
        }
    }
}
