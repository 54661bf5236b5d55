import Domain
import H3

extension RiskCursor {
    /// The text of the cursor in the link to the next page.
    var text: String { "\(day)_\(cell)" }

    /// Parses the text; `nil` for one that ``text`` cannot have written.
    init?(text: String) {
        let parts = text.split(separator: "_", omittingEmptySubsequences: false)
        guard parts.count == 2, let day = LocalDay(parts[0]), let cell = try? H3Cell(String(parts[1])),
            cell.description == parts[1]
        else { return nil }
        self.init(day: day, cell: cell)
    }
}
