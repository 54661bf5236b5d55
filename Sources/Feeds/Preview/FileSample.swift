import CSV

/// The header and the first records of a file.
struct FileSample {
    private static let maximumRows = 200
    private static let patterns = [
        "iso8601", "yyyy/MM/dd HH:mm:ssX", "yyyy/MM/dd HH:mm:ss", "yyyy/MM/dd", "MM/dd/yyyy hh:mm:ss a",
        "MM/dd/yyyy HH:mm:ss",
        "MM/dd/yyyy HH:mm", "M/d/yyyy H:mm", "M/d/yyyy", "d/M/yyyy", "yyyy-MM", "yyyyMMdd", "yyyyMM", "MMM-yy",
        "MMMM yyyy", "epoch_seconds", "epoch_milliseconds",
    ]

    let header: [String]
    let containers: Set<String>
    private let dialect: Dialect
    /// The lines of YAML that a mapping needs to read the file in this way.
    let statements: [String]
    private var rows: [[String]] = []

    init(_ file: EventFile, stated: Dialect) throws(FeedError) {
        var reader = try RecordReader(file, stated: stated, wanted: [])
        header = reader.header.map(ColumnIndex.trimmed)
        containers = reader.containers
        dialect = reader.dialect
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
    }

    /// Whether the file has every column that the mapping needs, and the format that it states.
    func fits(_ mapping: Mapping) -> Bool {
        if let format = mapping.dialect.format, format != dialect.format { return false }
        let names = Dictionary(grouping: header) { $0.lowercased() }
        return mapping.columns.allSatisfy { column in
            column.isOptional || names[ColumnIndex.trimmed(column.name).lowercased()]?.count == 1
        }
    }

    /// The index of the first of the names that is a column.
    func column(_ names: [String]) -> Int? {
        for name in names {
            if let place = header.firstIndex(where: { $0.lowercased() == name }), isNamedOnce(place) { return place }
        }
        return nil
    }

    func isNamedOnce(_ column: Int) -> Bool { header.count { $0.lowercased() == header[column].lowercased() } == 1 }

    func isUnique(_ column: Int) -> Bool {
        let values = values(column)
        return Set(values).count == values.count
    }

    /// Whether most of the points cannot be degrees.
    func isProjected(_ x: Int, _ y: Int) -> Bool {
        let far = zip(values(x).compactMap(Double.init), values(y).compactMap(Double.init)).filter {
            $0.magnitude > 180 || $1.magnitude > 90
        }
        return far.count * 2 > rows.count
    }

    /// The column of times and their pattern, which fits nine of ten values. A column named like a time comes first,
    /// then the earliest pattern and column.
    var time: (column: Int, pattern: String)? {
        let named = header.indices.filter { column in
            ["date", "time", "month", "when", "created", "occur"].contains { header[column].lowercased().contains($0) }
        }
        for text in Self.patterns {
            guard let pattern = try? TimePattern(text) else { continue }
            for column in named where isNamedOnce(column) {
                let values = values(column)
                let fitting = values.count { value in
                    guard let reading = pattern.read(Array(value.utf8).span), reading.impossibility == nil else {
                        return false
                    }
                    return (1900...2100).contains(reading.year)
                }
                if fitting > 0, fitting * 10 >= values.count * 9 { return (column, text) }
            }
        }
        return nil
    }

    /// The values of a column that are not blank.
    private func values(_ column: Int) -> [String] { rows.map { $0[column] }.filter { !$0.isEmpty } }
}
