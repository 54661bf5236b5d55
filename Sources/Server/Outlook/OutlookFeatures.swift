import Domain
import Formats
import H3

/// The cells of an outlook, in the order of its query.
struct OutlookFeatures: FeatureSource {
    static let shape = FeatureShape.cells
    static let properties = OutlookRow.figures.map { FeatureProperty($0) }

    let outlooks: any OutlookRepository
    /// The query; `nil` when there is no outlook.
    let query: OutlookQuery?

    func page(_ page: PageRequest<OutlookRow>) async throws -> Page<OutlookRow> {
        guard let query else { return Page([], of: page) }
        return try await outlooks.cells(query, page)
    }

    func feature(_ row: OutlookRow) -> Feature {
        Feature(
            id: row.cell.description, place: .cell(row.cell),
            values: OutlookRow.figures.map { PropertyValue($0, of: row) })
    }

    func text(_ cursor: OutlookCursor) -> String { cursor.text }

    /// The cell: each is in the list once.
    func id(of row: OutlookRow) -> String { row.cell.description }
}

extension OutlookCursor {
    /// The text of the cursor in the link to the next page.
    var text: String { "\(key)_\(cell)" }

    /// Parses the text; `nil` for one that ``text`` cannot have written.
    init?(text: String) {
        let parts = text.split(separator: "_", omittingEmptySubsequences: false)
        guard parts.count == 2, let key = Double(parts[0]), key.isFinite || key == .infinity,
            let cell = try? H3Cell(String(parts[1])), cell.description == parts[1]
        else { return nil }
        self.init(key: key, cell: cell)
    }
}
