/// Finds columns in a header by their names, trimmed and without regard to case.
struct ColumnIndex {
    let names: [String]
    private let positions: [String: [Int]]
    let mapping: Mapping
    private let file: String
    private let line: Int

    init(header: [String], mapping: Mapping, file: String, line: Int) {
        names = header.map(Self.trimmed)
        positions = Dictionary(grouping: names.indices) { [names] in names[$0].lowercased() }
        self.mapping = mapping
        self.file = file
        self.line = line
    }

    /// The index of the column; nil when it is optional and missing.
    func position(of column: Mapping.Column) throws(FeedError) -> Int? {
        let name = column.names.first { positions[Self.trimmed($0).lowercased()] != nil } ?? column.name
        let found = positions[Self.trimmed(name).lowercased()] ?? []
        if found.isEmpty, column.isOptional { return nil }
        guard found.count <= 1 else {
            throw FeedError(
                .header, file: file, line: line,
                "the header has the column \"\(name)\" \(found.count) times, so it is unclear which one "
                    + "\(asker(of: column)) means; rename one of them")
        }
        guard let position = found.first else {
            let wanted = column.names.joined(separator: "\" or \"")
            throw FeedError(
                .header, file: file, line: line,
                "there is no column \"\(wanted)\", which \(asker(of: column)) asks for. The columns are: "
                    + "\(names.joined(separator: ", ")).\(delimiterHint) Rename the column or use another mapping")
        }
        return position
    }

    func has(_ column: Mapping.Column) -> Bool {
        column.names.contains { positions[Self.trimmed($0).lowercased()] != nil }
    }

    func requiredPosition(of column: Mapping.Column) throws(FeedError) -> Int {
        guard let position = try position(of: column) else {
            preconditionFailure("this column may not be optional")
        }
        return position
    }

    private func asker(of column: Mapping.Column) -> String {
        let place = column.line.map { "\(mapping.file):\($0)" } ?? mapping.file
        return "\(column.key) in \(place)"
    }

    private var delimiterHint: String {
        let others: [Character] = [";", "\t", "|", ","]
        guard names.count == 1, let other = others.first(where: { names[0].contains($0) }) else { return "" }
        let shown = other == "\t" ? "\\t" : String(other)
        return " The file may be separated by \"\(shown)\": without `delimiter:` in the mapping it is detected."
    }

    static func trimmed(_ name: String) -> String { Glyph.trimmed(name) }
}
