import Domain
import H3

extension TopCellCursor {
    /// The text of the cursor in the link to the next page.
    var text: String { "\(rank)_\(maxScore)_\(daysFlagged)_\(totalEvents)_\(cell)" }

    /// Parses the text; `nil` for one that ``text`` cannot have written.
    init?(text: String) {
        let parts = text.split(separator: "_", omittingEmptySubsequences: false)
        guard parts.count == 5, let rank = Int(parts[0]), rank > 0, let maxScore = Double(parts[1]), maxScore.isFinite,
            let daysFlagged = Int(parts[2]), let totalEvents = Int(parts[3]), daysFlagged >= 0, totalEvents >= 0,
            rank <= 1 << 40, let cell = try? H3Cell(String(parts[4])), cell.description == parts[4]
        else { return nil }
        self.init(
            rank: rank, maxScore: maxScore, daysFlagged: daysFlagged, totalEvents: totalEvents, cell: cell)
    }
}
