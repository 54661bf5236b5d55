import CSV

/// The parts of a file that a mapping may state beside its format and encoding.
package struct FileLayout: Sendable, Equatable {
    enum ShortRows: String, CaseIterable {
        /// Missing fields are blank, if the event does not need them.
        case blank
        /// Records with fewer fields than the header are rejected.
        case reject
    }

    /// The keys of a mapping that are read here.
    static let keys = [
        "quote", "escape", "comment", "skip_lines", "header_line", "max_quoted_lines", "short_rows", "formula_guard",
        "records", "member", "sheet", "layer", "header", "line_feed",
    ]

    /// The byte that encloses fields; nil where quotes are ordinary bytes.
    var quote: UInt8? = .quote
    var escape: UInt8?
    var comment: UInt8?
    /// How many lines are before the header; nil to find the header.
    var linesBeforeHeader: Int?
    var maximumQuotedLines: Int?
    /// Whether a line feed without a carriage return before it is part of a text, and ends no record.
    var keepsLineFeeds = false
    var shortRows = ShortRows.blank
    /// Whether texts that begin with an apostrophe lose it, as those of our own exports must.
    var hasFormulaGuard = false
    /// The names of the columns of a file without a header line; nil where files have one.
    var header: [String]?
    /// The names of the members that lead to the records of a JSON document.
    var records: [String]?
    /// The name of the file in a zip archive, which may have `*` and `?`.
    package var member: String?
    /// The name of the sheet in an Excel workbook.
    package var sheet: String?
    /// The name of the layer in a GeoPackage.
    package var layer: String?

    init() {}

    init(_ top: MappingNode) throws(FeedError) {
        quote = try Self.byte(top, "quote", none: "none", otherwise: .quote)
        escape = try Self.byte(top, "escape", none: "none", otherwise: nil)
        comment = try Self.byte(top, "comment", none: "none", otherwise: nil)
        if escape != nil, escape == quote {
            throw top.error("escape", "must differ from the quote; doubled quotes are understood without it")
        }
        linesBeforeHeader = try Self.number(top, "skip_lines", 0...1_000_000)
        if let line = try Self.number(top, "header_line", 1...1_000_000) {
            guard linesBeforeHeader == nil else {
                throw top.error("header_line", "cannot be combined with skip_lines:, which says the same")
            }
            linesBeforeHeader = line - 1
        }
        if let word = try top.text("line_feed") {
            guard word == "text" || word == "end" else { throw top.error("line_feed", "must be end or text") }
            guard word == "end" || escape == nil else {
                throw top.error("line_feed", "cannot be text in a file with escape:")
            }
            keepsLineFeeds = word == "text"
        }
        header = try top.texts("header")
        if header != nil, linesBeforeHeader != nil {
            throw top.error("header", "cannot be combined with skip_lines: or header_line:, which tell where it is")
        }
        maximumQuotedLines = try Self.number(top, "max_quoted_lines", 1...1_000_000)
        if let text = try top.text("short_rows") {
            guard let rule = ShortRows(rawValue: text) else {
                throw top.error("short_rows", "must be \(ShortRows.allCases.map(\.rawValue).joined(separator: " or "))")
            }
            shortRows = rule
        }
        hasFormulaGuard = try top.flag("formula_guard")
        if let path = try top.text("records") {
            records = path.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
            guard records?.contains("") == false else {
                throw top.error("records", "must be names of members with points between, such as result.records")
            }
        }
        member = try top.text("member")
        sheet = try top.text("sheet")
        layer = try top.text("layer")
    }

    /// How the delimited text is written.
    func form(delimiter: UInt8) -> CSVForm {
        var form = CSVForm(delimiter: delimiter)
        form.quote = quote
        form.escape = escape
        form.comment = comment
        form.keepsLineFeeds = keepsLineFeeds
        if let maximumQuotedLines { form.maximumQuotedLines = Int64(maximumQuotedLines) }
        return form
    }

    private static func byte(
        _ top: MappingNode, _ key: String, none: String, otherwise: UInt8?
    ) throws(FeedError) -> UInt8? {
        guard let text = try top.text(key) else { return otherwise }
        if text == none { return nil }
        let bytes = Array(text.utf8)
        guard bytes.count == 1, bytes[0] < 0x80, bytes[0] > 0x20 else {
            throw top.error(key, "must be one ASCII character, or \(none)")
        }
        return bytes[0]
    }

    private static func number(
        _ top: MappingNode, _ key: String, _ range: ClosedRange<Int>
    ) throws(FeedError) -> Int? {
        guard let text = try top.text(key) else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw top.error(key, "must be a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }
}
