import CSV

/// The header and the first records of a file, as proposals of a mapping look at them.
struct FileSample {
    private static let maximumRows = 200

    let header: [String]
    let containers: Set<String>
    let dialect: Dialect
    let compression: Compression
    /// The guess of the encoding; nil where the bytes show it.
    let encodingGuess: EncodingGuess?
    /// The lines of YAML that a mapping needs to read the file in this way.
    let statements: [String]
    let numbers: NumberReader
    private let file: EventFile
    private let stated: Dialect
    private var rows: [[String]] = []

    init(_ file: EventFile, stated: Dialect) throws(FeedError) {
        self.file = file
        self.stated = stated
        var reader = try RecordReader(file, stated: stated, wanted: [])
        header = reader.header.map(ColumnIndex.trimmed)
        containers = reader.containers
        dialect = reader.dialect
        compression = reader.compression
        numbers = NumberReader(
            decimal: dialect.decimal ?? (dialect.delimiter == UInt8(ascii: ",") ? .point : nil), thousands: nil)
        var statements = reader.statements
        var position = reader.batch.records.isEmpty ? 0 : 1
        while rows.count < Self.maximumRows {
            if position < reader.batch.records.count {
                var row = reader.texts(position)
                // A row with more or fewer fields than the header is read if these are blank.
                if row.count > 1, row.count < header.count {
                    row += Array(repeating: "", count: header.count - row.count)
                }
                if row.count >= header.count, row[header.count...].allSatisfy(\.isEmpty) {
                    rows.append(Array(row.prefix(header.count)))
                }
                if statements.isEmpty, reader.hasBackslashQuote(position) { statements = ["escape: \"\\\\\""] }
                position += 1
            } else if try reader.readRecordBatch() {
                position = 0
            } else {
                break
            }
        }
        self.statements = statements
        encodingGuess = reader.encodingGuess
    }

    var path: String { file.path }

    /// Whether the file has every column that the mapping needs, and the format that it states.
    func fits(_ mapping: Mapping) -> Bool {
        if let format = mapping.dialect.format, format != dialect.format {
            // A sheet is read like CSV and a layer like GeoJSON.
            guard format.container == nil, dialect.format?.container != nil, format.isJSON == dialect.isJSON else {
                return false
            }
        }
        return mapping.columns.allSatisfy { $0.isOptional || position(of: $0) != nil }
    }

    /// The index of a mapping's column; nil when the header does not have it exactly once.
    func position(of column: Mapping.Column) -> Int? {
        for name in column.names.map({ ColumnIndex.trimmed($0).lowercased() }) {
            guard let place = header.firstIndex(where: { $0.lowercased() == name }) else { continue }
            return isNamedOnce(place) ? place : nil
        }
        return nil
    }

    func isNamedOnce(_ column: Int) -> Bool { header.count { $0.lowercased() == header[column].lowercased() } == 1 }

    /// Whether the column may be named by a mapping.
    func isUsable(_ column: Int) -> Bool { !header[column].isEmpty && isNamedOnce(column) }

    func isUnique(_ column: Int) -> Bool {
        let values = rows.map { $0[column] }.filter { !$0.isEmpty }
        return Set(values).count == values.count
    }

    /// The values of a column that are not blank and no word for a missing value.
    func values(_ column: Int) -> [String] {
        rows.map { $0[column] }.filter { !EventDecoder.isNone(Array($0.utf8).span) }
    }

    /// Whether the column is blank in a row in which another one is not.
    func hasBlanks(_ column: Int, besides other: Int) -> Bool {
        rows.contains {
            EventDecoder.isNone(Array($0[column].utf8).span) && !EventDecoder.isNone(Array($0[other].utf8).span)
        }
    }

    /// The values of two columns in the rows in which neither is missing.
    func pairs(_ first: Int, _ second: Int) -> [(String, String)] {
        rows.map { ($0[first], $0[second]) }.filter { pair in
            ![pair.0, pair.1].contains { EventDecoder.isNone(Array($0.utf8).span) }
        }
    }

    /// The number of a text as the file writes numbers; nil when it is none.
    func number(_ text: String, grouped: Bool = false) -> Double? {
        numbers.read(Array(text.utf8).span, grouped: grouped)
    }

    func whole(_ text: String) -> Int? { numbers.whole(Array(text.utf8).span) }

    /// Whether nine of ten values pass; false without values.
    func mostly(_ values: [String], _ test: (String) -> Bool) -> Bool {
        let passing = values.count(where: test)
        return passing > 0 && passing * 10 >= values.count * 9
    }

    /// Hands over every value of a column in the whole file.
    func everyValue(of column: Int, _ body: (String) -> Void) throws(FeedError) {
        var reader = try RecordReader(file, stated: stated, wanted: [])
        var position = reader.batch.records.isEmpty ? 0 : 1
        repeat {
            for record in reader.batch.records.indices.dropFirst(position) {
                if let text = reader.field(record, column: column) { body(text) }
            }
            position = 0
        } while try reader.readRecordBatch()
    }
}
