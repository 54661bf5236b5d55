import Domain
import Formats
import H3

/// The scored cells of some days, by day and cell.
struct RiskFeatures: FeatureSource {
    static let shape = FeatureShape.cells
    static let properties = RiskRow.figures.map { FeatureProperty($0) }

    let risk: any RiskRepository
    /// The query; `nil` when the dataset is not scored.
    let query: CellQuery?
    /// The only cell; `nil` for all.
    var cell: H3Cell?

    func page(_ page: PageRequest<RiskRow>) async throws -> Page<RiskRow> {
        guard let query else { return Page([], of: page) }
        return try await risk.rows(query, of: cell, page)
    }

    func feature(_ row: RiskRow) -> Feature { Feature(row, id: row.cell.description) }

    func text(_ cursor: RiskCursor) -> String { cursor.text }
}

/// The scored cells of a single day, by cell. Its links have the cell alone as their cursor.
struct RiskDayFeatures: FeatureSource {
    static let shape = RiskFeatures.shape
    static let properties = RiskFeatures.properties

    let cells: RiskFeatures

    func page(_ page: PageRequest<RiskRow>) async throws -> Page<RiskRow> { try await cells.page(page) }

    func feature(_ row: RiskRow) -> Feature { cells.feature(row) }

    func text(_ cursor: RiskCursor) -> String { cursor.cell.description }
}

/// The history of one cell, by day.
struct CellDayFeatures: FeatureSource {
    static let shape = RiskFeatures.shape
    static let properties = RiskFeatures.properties

    let risk: any RiskRepository
    let query: CellDaysQuery

    func page(_ page: PageRequest<RiskRow>) async throws -> Page<RiskRow> { try await risk.days(query, page) }

    func feature(_ row: RiskRow) -> Feature { Feature(row, id: row.day.description) }

    func text(_ cursor: RiskCursor) -> String { cursor.day.description }
}

extension Feature {
    /// A row of scores, with the values of ``RiskRow/figures``.
    fileprivate init(_ row: RiskRow, id: String) {
        self.init(id: id, place: .cell(row.cell), values: RiskRow.figures.map { PropertyValue($0, of: row) })
    }
}

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
