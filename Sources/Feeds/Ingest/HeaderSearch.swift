import CSV

/// Finds the header line of delimited text that begins with other lines: a title, a note, `sep=;`, comments.
struct HeaderSearch {
    /// How many lines are looked at.
    private static let maximumLines = 100

    /// The index in the text at which the header, or what belongs to it, begins.
    private(set) var start = 0
    /// How many lines are before it.
    private(set) var skippedLines: Int64 = 0
    /// The delimiter that is stated by `sep=`, or by the header that was found.
    private(set) var delimiter: UInt8?
    /// The finding for people; nil when the header is where it is expected.
    private(set) var finding: String?

    /// Whether the text has a line with the wanted columns.
    private(set) var isKnown = false

    private let text: [UInt8]
    private let stated: Dialect
    private let alternatives: [Set<String>]

    /// - Parameters:
    ///   - text: The first block of the text.
    ///   - stated: What the mapping states.
    ///   - wanted: The columns that the header must have; empty where they are not known.
    ///   - alternatives: Columns of which the header must have one each.
    init(_ text: [UInt8], stated: Dialect, wanted: [String], alternatives: [[String]] = []) {
        self.alternatives = alternatives.map { Set($0.map { ColumnIndex.trimmed($0).lowercased() }) }
        self.text = text
        self.stated = stated
        delimiter = stated.delimiter
        let mark = JSONSpace.skipMark(text)
        if let count = stated.layout.linesBeforeHeader {
            skip(to: start(ofLine: count) ?? text.count, lines: Int64(count))
            return
        }
        var first = line(from: mark)
        if let separator = separator(in: first) {
            delimiter = delimiter ?? separator
            skip(to: next(after: first), lines: 1)
            first = line(from: start)
        }
        find(wanted, from: start == 0 ? mark : start)
    }

    private mutating func skip(to index: Int, lines: Int64) {
        start = index
        skippedLines = lines
    }

    /// The delimiter in a line such as `sep=;`, which Excel writes and reads.
    private func separator(in line: Range<Int>) -> UInt8? {
        var bytes = Array(text[line].filter { $0 != UInt8(ascii: "\"") })
        while let last = bytes.last, last == UInt8(ascii: ","), bytes.count > 5 { bytes.removeLast() }
        guard bytes.count == 5, String(decoding: bytes.prefix(4), as: UTF8.self).lowercased() == "sep=" else {
            return nil
        }
        return bytes[4] < 0x80 ? bytes[4] : nil
    }

    /// Looks for the line with the wanted columns, or, where they are not known, for the first one that looks like the
    /// head of a table.
    private mutating func find(_ wanted: [String], from begin: Int) {
        let before = skippedLines
        var lines: [(range: Range<Int>, number: Int64)] = []
        var index = begin
        var number = before
        while index < text.count, lines.count < Self.maximumLines {
            let range = line(from: index)
            number += 1
            index = next(after: range)
            // A line that is cut off by the end of the block is not looked at.
            guard index <= text.count, isText(range) else { continue }
            lines.append((range, number))
        }
        // A first line with an open quote is a header over several lines.
        guard let first = lines.first, let names = fields(in: first.range) else { return }
        let wanted = Set(wanted.map { ColumnIndex.trimmed($0).lowercased() })
        let alternatives = alternatives
        func isHeader(_ names: [String]?) -> Bool {
            let names = Set(names?.map { $0.lowercased() } ?? [])
            return wanted.isSubset(of: names) && alternatives.allSatisfy { !$0.isDisjoint(with: names) }
        }
        let isWanted = !wanted.isEmpty || !alternatives.isEmpty
        let known = isWanted ? isHeader(names) ? first : lines.first { isHeader(fields(in: $0.range)) } : nil
        isKnown = known != nil
        // A file whose columns the mapping names begins with a record where no line has them.
        let likely = stated.layout.header == nil ? head(of: lines) : nil
        guard let found = known ?? likely, found.number > first.number else { return }
        skip(to: found.range.lowerBound, lines: found.number - 1)
        finding = "The header was found on line \(found.number); the lines before it were left out."
    }

    /// The first line that has most of the columns of the table.
    private func head(of lines: [(range: Range<Int>, number: Int64)]) -> (range: Range<Int>, number: Int64)? {
        let counts = lines.map { line in fields(in: line.range)?.count { !$0.isEmpty } ?? 0 }
        guard let most = counts.max(), most > 1 else { return nil }
        return zip(lines, counts).first { _, count in count * 5 >= most * 3 }?.0
    }

    /// The trimmed fields of a physical line; nil when it opens a quote that it does not close.
    private func fields(in line: Range<Int>) -> [String]? {
        let bytes = Array(text[line])
        let delimiter = delimiter ?? Dialect.delimiter(of: bytes, stated.layout)
        var form = stated.layout.form(delimiter: delimiter)
        form.keepsLineFeeds = false
        var reader = CSVReader(form)
        var batch = RecordBatch()
        reader.read((bytes + [UInt8(ascii: "\n")]).span, into: &batch)
        guard let record = batch.records.first, record.fault == nil else { return nil }
        return record.fields.map { field in
            batch.unescape(field)
            return ColumnIndex.trimmed(String(decoding: batch.bytes[batch.fields[field].range], as: UTF8.self))
        }
    }

    /// Whether the line is neither blank nor a comment.
    private func isText(_ line: Range<Int>) -> Bool {
        guard let first = text[line].first(where: { $0 != 0x20 && $0 != 0x09 }) else { return false }
        return first != stated.layout.comment
    }

    private func line(from index: Int) -> Range<Int> {
        index..<(lineEnd(from: index) ?? text.count)
    }

    /// The index at which a line ends; nil when it goes on beyond the block. The rows of a sheet end outside of quotes.
    private func lineEnd(from index: Int) -> Int? {
        guard stated.format == .xlsx else { return text[index...].firstIndex { $0 == 0x0A || $0 == 0x0D } }
        var isQuoted = false
        return text[index...].firstIndex { byte in
            if byte == stated.layout.quote { isQuoted.toggle() }
            return byte == 0x0A && !isQuoted
        }
    }

    private func next(after line: Range<Int>) -> Int { Self.passLineEnd(text, line.upperBound) }

    private static func passLineEnd(_ text: [UInt8], _ index: Int) -> Int {
        guard index < text.count else { return index }
        let isTwo = text[index] == 0x0D && index + 1 < text.count && text[index + 1] == 0x0A
        return index + (isTwo ? 2 : 1)
    }

    /// The index at which a line begins, counted from 0; nil when the text has fewer.
    private func start(ofLine number: Int) -> Int? {
        var index = 0
        for _ in 0..<number {
            guard let end = lineEnd(from: index) else { return nil }
            index = Self.passLineEnd(text, end)
        }
        return index
    }
}
