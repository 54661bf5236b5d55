import CSV

/// Reads a file's records in any format, some at a time.
struct RecordReader {
    private enum Reader {
        case csv(CSVReader)
        case json(JSONReader)
    }

    private let text: EventText
    private let file: EventFile
    private var reader: Reader
    /// Bytes that were read before the reader was created.
    private var first: [UInt8]?
    private var isAtEnd = false
    private(set) var batch = RecordBatch()
    /// How the file is written.
    let dialect: Dialect
    /// The names of the columns; the line that has them follows.
    private(set) var header: [String] = []
    private(set) var headerLine = 1
    /// The header line with its line end; in JSON that of rows, otherwise nothing.
    private(set) var headerText = ""
    /// How many of the columns are in the file's first records. The others are looked for.
    private(set) var foundColumns = 0
    /// The columns that contain other columns.
    private(set) var containers: Set<String> = []
    /// Findings about the place of the header or the records, in sentences.
    private(set) var findings: [String] = []

    /// How much of a JSON document is read to find its records.
    private static let maximumSearchBytes = 16 << 20

    /// Opens the file and reads its header.
    ///
    /// - Parameters:
    ///   - member: The file in a zip archive to read; nil for the first that may have events.
    ///   - stated: What is known of how the file is written.
    ///   - wanted: The columns that the mapping needs. They are looked for in JSON objects even if the first ones lack
    ///     them, and tell the header of delimited text.
    ///   - alternatives: Columns of which the file has one each; they tell the header, too.
    init(
        _ file: EventFile, member: ZipArchive.Member? = nil, stated: Dialect, wanted: [String],
        alternatives: [[String]] = []
    ) throws(FeedError) {
        self.file = file
        text = try EventText(file, member: member, stated: stated)
        var first = try text.next() ?? []
        let isText = text.container == nil
        let stated = stated.reading(text.container)
        if isText, let name = FileKind.named(first) ?? FileKind.named(text: first) {
            throw FeedError(.header, file: file.path, name)
        }
        var dialect = stated
        var namesWithoutHeader: [String]?
        if stated.format?.isJSON ?? JSONLayoutSearch.isJSON(first) {
            let layout = try Self.layout(&first, text, stated, wanted)
            dialect.format = stated.format ?? (layout.isLines ? .ndjson : .json)
            let columns = Self.columns(layout, first, wanted: wanted)
            reader = .json(JSONReader(layout, columns: columns))
            (header, containers, foundColumns) = (columns.names, columns.containers, columns.foundCount)
            headerText = columns.headerText
            findings = text.findings + layout.findings
        } else {
            let search = HeaderSearch(first, stated: stated, wanted: wanted, alternatives: alternatives)
            if !search.isKnown { namesWithoutHeader = stated.layout.header }
            if search.start > 0 { first.removeFirst(search.start) }
            dialect.format = isText ? .csv : .xlsx
            let delimiter = search.delimiter ?? Dialect.delimiter(of: first, stated.layout)
            dialect.delimiter = delimiter
            var form = stated.layout.form(delimiter: delimiter)
            // The rows of a sheet are its lines, whatever line ends the texts in them have.
            form.countsRecords = !isText
            reader = .csv(CSVReader(form, line: search.skippedLines + 1, hasHeader: isText))
            findings = text.findings + (search.finding.map { [$0] } ?? [])
        }
        dialect.encoding = stated.encoding ?? text.encoding
        self.dialect = dialect
        self.first = first
        if let namesWithoutHeader {
            header = namesWithoutHeader
            headerText = Self.line(of: namesWithoutHeader, dialect)
            findings.append("No line has the columns of the mapping, so the file was read without a header.")
        } else if !dialect.isJSON {
            try readHeader()
        }
    }

    var compression: Compression { text.compression }

    var bytesRead: Int64 { text.bytesRead }

    /// The guess of the encoding of what was read so far; nil where the mapping states it or the bytes show it.
    var encodingGuess: EncodingGuess? { text.encodingGuess }

    /// The lines of YAML that a mapping needs so that the records are found in the same way.
    var statements: [String] {
        guard case .json(let json) = reader, !json.layout.path.isEmpty, json.layout.pathText != "features" else {
            return []
        }
        return ["records: \(json.layout.pathText)"]
    }

    /// Whether a record was rejected for a quote after a backslash, which `escape:` would mend.
    func hasBackslashQuote(_ record: Int) -> Bool {
        let record = batch.records[record]
        guard record.fault == .textAfterQuote, dialect.layout.escape == nil else { return false }
        let text = batch.bytes[record.range]
        return zip(text, text.dropFirst()).contains { $0 == UInt8(ascii: "\\") && $1 == UInt8(ascii: "\"") }
    }

    /// Fills `batch` with the records of the next block, which may be none; false at the end of the file.
    mutating func readRecordBatch() throws(FeedError) -> Bool {
        guard !isAtEnd else { return false }
        let piece: [UInt8]?
        if let first {
            piece = first
            self.first = nil
        } else {
            piece = try text.next()
        }
        isAtEnd = piece == nil
        switch reader {
        case .csv(var csv):
            // Takes the reader out of the enumeration, so that its buffers are not copied.
            reader = .csv(CSVReader())
            if let piece { csv.read(piece.span, into: &batch) } else { csv.finish(into: &batch) }
            reader = .csv(csv)
        case .json(var json):
            reader = .csv(CSVReader())
            if let piece { json.read(piece, into: &batch) } else { json.finish(into: &batch) }
            reader = .json(json)
        }
        return true
    }

    /// The faults of records that could not be read, by their index.
    var problems: [Int: Rejection] {
        if case .json(let json) = reader { json.problems } else { [:] }
    }

    /// Why records have no coordinates, by their index, for those whose geometry is not a point.
    var geometries: [Int: Rejection] {
        if case .json(let json) = reader { json.geometries } else { [:] }
    }

    /// Adds the header and the records at hand to a digest.
    mutating func begin(_ digest: RecordDigest) {
        if !dialect.isJSON { digest.add(header: header) }
        // The first records of a CSV file begin with its header.
        add(to: digest, from: batch.records.isEmpty ? 0 : 1)
    }

    /// Adds the records at hand to a digest, from an index on.
    mutating func add(to digest: RecordDigest, from first: Int) {
        digest.add(&batch, from: first, isJSON: dialect.isJSON)
    }

    /// A record's fields, trimmed; none when it could not be read.
    mutating func texts(_ record: Int) -> [String] {
        let fields = batch.records[record].fields
        for field in fields { batch.unescape(field) }
        let row = Row(bytes: batch.bytes, fields: batch.fields, firstField: fields.lowerBound)
        return (0..<fields.count).map { String(decoding: batch.bytes[row.text($0)], as: UTF8.self) }
    }

    /// One field of a record, trimmed; nil when the record does not have it.
    mutating func field(_ record: Int, column: Int) -> String? {
        let fields = batch.records[record].fields
        guard column < fields.count else { return nil }
        batch.unescape(fields.lowerBound + column)
        let row = Row(bytes: batch.bytes, fields: batch.fields, firstField: fields.lowerBound)
        return String(decoding: batch.bytes[row.text(column)], as: UTF8.self)
    }

    /// A header line with the names, from which dead letters are read again.
    private static func line(of names: [String], _ dialect: Dialect) -> String {
        let delimiter = String(decoding: [dialect.delimiter ?? UInt8(ascii: ",")], as: UTF8.self)
        let quote = dialect.layout.quote.map { String(decoding: [$0], as: UTF8.self) }
        let fields = names.map { name in
            guard let quote, name.contains(delimiter) || name.contains(quote) || name.contains("\n") else {
                return name
            }
            return quote + name.replacing(quote, with: quote + quote) + quote
        }
        return fields.joined(separator: delimiter) + "\n"
    }

    private mutating func readHeader() throws(FeedError) {
        while batch.records.isEmpty, try readRecordBatch() {}
        headerLine = Int(batch.records.first?.line ?? 1)
        guard let record = batch.records.first, record.fault == nil else {
            throw FeedError(
                .header, file: file.path, line: headerLine,
                batch.records.isEmpty
                    ? "there is no header line: the file is empty"
                    : "the header line opens a quote that it does not close, has text after one that it closes, or is "
                        + "longer than 1 MiB")
        }
        for field in record.fields {
            batch.unescape(field)
            guard let name = String(validating: batch.bytes[batch.fields[field].range], as: UTF8.self) else {
                throw FeedError(
                    .header, file: file.path, line: headerLine,
                    "the header is not UTF-8: set `encoding: cp1252` (or another) in the mapping")
            }
            header.append(name)
        }
        headerText = RawText.lossless(batch.bytes[record.range]) + "\n"
    }

    /// The layout of a JSON file. Reads on until its records are found, and adds what was read to `first`.
    private static func layout(
        _ first: inout [UInt8], _ text: EventText, _ stated: Dialect, _ wanted: [String]
    ) throws(FeedError) -> JSONLayout {
        let isLines: Bool? =
            switch stated.format {
            case .ndjson, .gpkg: true
            case .json: false
            case .csv, .xlsx, nil: nil
            }
        while true {
            let path = stated.layout.records
            let search = JSONLayoutSearch(first, isWhole: false, path: path, wanted: wanted)
            if let layout = search.layout(isLines: isLines) { return layout }
            guard first.count < maximumSearchBytes, let piece = try text.next() else {
                let search = JSONLayoutSearch(first, isWhole: true, path: path, wanted: wanted)
                return search.layout(isLines: isLines) ?? JSONLayout()
            }
            first += piece
        }
    }

    /// The columns that the first records have, and then the wanted ones.
    private static func columns(_ layout: JSONLayout, _ first: [UInt8], wanted: [String]) -> JSONColumns {
        var probe = JSONReader(layout, columns: JSONColumns(records: [], wanted: []))
        var batch = RecordBatch()
        func records() -> [ArraySlice<UInt8>] {
            batch.records.indices.filter { probe.problems[$0] == nil }.map { batch.bytes[batch.records[$0].range] }
        }
        probe.read(first, into: &batch)
        var found = records()
        if found.isEmpty {
            // The last line may have no line end.
            probe.finish(into: &batch)
            found = records()
        }
        return JSONColumns(records: found, rows: layout.rows, wanted: wanted)
    }
}
