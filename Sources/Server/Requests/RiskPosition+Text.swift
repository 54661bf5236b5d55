import H3
import Risk

extension RiskPosition {
    /// As it stands in the link to the next page.
    var text: String { "\(day)_\(cell)" }

    /// `nil` for what ``text`` cannot have written.
    init?(text: String) {
        let parts = text.split(separator: "_", omittingEmptySubsequences: false)
        guard parts.count == 2, let day = LocalDay(parts[0]), let cell = try? H3Cell(String(parts[1])),
            cell.description == parts[1]
        else { return nil }
        self.init(day: day, cell: cell)
    }
}
