import Domain
import Formats
import H3

/// The scored cells of one day, by cell.
struct RiskFeatures: FeatureSource {
    static let shape = FeatureShape.cells
    static let properties = RiskRow.figures.map { FeatureProperty($0) }

    let risk: any RiskRepository
    let day: LocalDay
    /// The query; `nil` when the dataset is not scored. Its cursor and limit belong to the page.
    let query: RiskQuery?

    func page(after cursor: H3Cell?, limit: Int) async throws -> FeaturePage<H3Cell> {
        guard var query else { return FeaturePage(rows: []) }
        query.after = cursor.map { RiskCursor(day: day, cell: $0) }
        query.limit = limit
        return FeaturePage(rows: try await risk.rows(query).map { (Feature($0), $0.cell) })
    }

    func text(_ cursor: H3Cell) -> String { cursor.description }
}

/// The scored cells of several days, by day and cell.
struct RiskDaysFeatures: FeatureSource {
    static let shape = FeatureShape.cells
    static let properties = RiskFeatures.properties

    let risk: any RiskRepository
    /// The query; `nil` when there is none. Its cursor and limit belong to the page.
    let query: RiskQuery?

    func page(after cursor: RiskCursor?, limit: Int) async throws -> FeaturePage<RiskCursor> {
        guard var query else { return FeaturePage(rows: []) }
        query.after = cursor
        query.limit = limit
        return FeaturePage(
            rows: try await risk.rows(query).map { (Feature($0), RiskCursor(day: $0.day, cell: $0.cell)) })
    }

    func text(_ cursor: RiskCursor) -> String { cursor.text }
}

/// The history of one cell, by day.
struct CellDayFeatures: FeatureSource {
    static let shape = FeatureShape.cells
    static let properties = RiskFeatures.properties

    let risk: any RiskRepository
    /// The query without a cursor and limit, which belong to the page.
    let query: CellDaysQuery

    func page(after cursor: LocalDay?, limit: Int) async throws -> FeaturePage<LocalDay> {
        var query = query
        query.after = cursor
        query.limit = limit
        return FeaturePage(rows: try await risk.days(query).map { (Feature($0, id: $0.day.description), $0.day) })
    }

    func text(_ cursor: LocalDay) -> String { cursor.description }
}

extension Feature {
    /// A row of scores, with the values of ``RiskFeatures/properties``.
    init(_ row: RiskRow, id: String? = nil) {
        self.init(
            id: id ?? row.cell.description, place: .cell(row.cell),
            values: RiskRow.figures.map { PropertyValue($0, of: row) })
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
