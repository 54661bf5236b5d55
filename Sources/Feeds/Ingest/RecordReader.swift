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
    /// The header line with its line end; empty where the format has none.
    private(set) var headerText = ""
    /// How many of the columns are in the file's first records. The others are looked for.
    private(set) var foundColumns = 0
    /// The columns that contain other columns.
    private(set) var containers: Set<String> = []

    /// Opens the file and reads its header.
    ///
    /// - Parameters:
    ///   - stated: What is known of how the file is written.
    ///   - wanted: Columns to look for in JSON objects even if the first ones lack them.
    init(_ file: EventFile, stated: Dialect, wanted: [String]) throws(FeedError) {
        self.file = file
        text = try EventText(file, encoding: stated.encoding)
        let first = try text.next() ?? []
        var dialect = stated.completed(by: first)
        dialect.encoding = stated.encoding ?? text.encoding
        self.dialect = dialect
        self.first = first
        switch dialect.format {
        case .ndjson, .json:
            let layout: JSONReader.Layout = dialect.format == .json ? .document : .lines
            let columns = Self.columns(layout, first, wanted: wanted)
            reader = .json(JSONReader(layout, columns: columns))
            (header, containers, foundColumns) = (columns.names, columns.containers, columns.foundCount)
        case .csv, nil:
            reader = .csv(CSVReader(delimiter: dialect.delimiter ?? UInt8(ascii: ",")))
            try readHeader()
        }
    }

    var compression: Compression { text.compression }

    var bytesRead: Int64 { text.bytesRead }

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
            if let piece { json.read(piece, into: &batch) } else { json.finish(into: &batch) }
            guard !isAtEnd || json.foundRecords else {
                throw FeedError(
                    .header, file: file.path, line: 1,
                    "there is neither an array of objects nor a GeoJSON FeatureCollection; one object a line is "
                        + "format: ndjson")
            }
            reader = .json(json)
        }
        return true
    }

    /// The faults of records that could not be read, by their index.
    var problems: [Int: Rejection] {
        if case .json(let json) = reader { json.problems } else { [:] }
    }

    /// Begins a digest with the header and the records at hand.
    ///
    /// - Returns: The index of the first record after the header, with which the first records of a CSV file begin.
    mutating func beginDigest() -> (first: Int, digest: RecordDigest) {
        let digest = RecordDigest()
        if dialect.format == .csv { digest.add(header: header) }
        let first = batch.records.isEmpty ? 0 : 1
        add(to: digest, from: first)
        return (first, digest)
    }

    /// Adds the records at hand to a digest, from an index on.
    mutating func add(to digest: RecordDigest, from first: Int) {
        digest.add(&batch, from: first, isJSON: dialect.format != .csv)
    }

    /// A record's fields, trimmed; none when it could not be read.
    mutating func texts(_ record: Int) -> [String] {
        let fields = batch.records[record].fields
        for field in fields { batch.unescape(field) }
        let row = Row(bytes: batch.bytes, fields: batch.fields, firstField: fields.lowerBound)
        return (0..<fields.count).map { String(decoding: batch.bytes[row.text($0)], as: UTF8.self) }
    }

    private mutating func readHeader() throws(FeedError) {
        while batch.records.isEmpty, try readRecordBatch() {}
        headerLine = Int(batch.records.first?.line ?? 1)
        guard let record = batch.records.first, record.fault == nil else {
            throw FeedError(
                .header, file: file.path, line: headerLine,
                batch.records.isEmpty
                    ? "there is no header line: the file is empty"
                    : "the header line opens a quote that it does not close, or is longer than 1 MiB")
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

    /// The columns that the first records have, and then the wanted ones.
    private static func columns(_ layout: JSONReader.Layout, _ first: [UInt8], wanted: [String]) -> JSONColumns {
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
        return JSONColumns(records: found, wanted: wanted)
    }
}
