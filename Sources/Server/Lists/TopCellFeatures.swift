import Domain
import Formats
import H3

/// The top cells of a period, the highest score first.
struct TopCellFeatures: FeatureSource {
    static let shape = FeatureShape.cells
    static let properties = TopCell.figures.map { FeatureProperty($0) }

    let topCells: any TopCellRepository
    /// The query; `nil` when nothing is scored.
    let query: CellQuery?

    func page(_ page: PageRequest<TopCell>) async throws -> Page<TopCell> {
        guard let query else { return Page([], of: page) }
        return try await topCells.topCells(query, page)
    }

    func feature(_ topCell: TopCell) -> Feature {
        Feature(
            id: topCell.cell.description, place: .cell(topCell.cell),
            values: TopCell.figures.map { PropertyValue($0, of: topCell) })
    }

    func text(_ cursor: TopCellCursor) -> String { cursor.text }

    /// The cell: each is in the list once.
    func id(of topCell: TopCell) -> String { topCell.cell.description }
}

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
