package import H3

/// The rows of the served view.
package protocol RiskRepository: Sendable {
    /// At most `query.limit` rows by day and cell, after the cursor `query.after`.
    func rows(_ query: RiskQuery) async throws -> [RiskRow]

    /// At most `query.limit` rows of one cell by day, after the day `query.after`.
    func days(_ query: CellDaysQuery) async throws -> [RiskRow]
}

package struct RiskQuery: Hashable, Sendable {
    package var dataset: Slug
    package var days: ClosedRange<LocalDay>
    package var resolution: Int
    /// The levels; empty for all.
    package var levels: Set<RiskLevel>
    package var bounds: BoundingBox?
    package var polygon: DrawnPolygon?
    /// The only cell; `nil` for all.
    package var cell: H3Cell?
    package var filter: FeatureFilter?
    package var after: RiskCursor?
    package var limit: Int

    package init(
        dataset: Slug, days: ClosedRange<LocalDay>, resolution: Int, levels: Set<RiskLevel> = [],
        bounds: BoundingBox? = nil, polygon: DrawnPolygon? = nil, cell: H3Cell? = nil, after: RiskCursor? = nil,
        limit: Int
    ) {
        self.dataset = dataset
        self.days = days
        self.resolution = resolution
        self.levels = levels
        self.bounds = bounds
        self.polygon = polygon
        self.cell = cell
        self.after = after
        self.limit = limit
    }
}

/// The cursor of a list of rows.
package struct RiskCursor: Hashable, Sendable {
    package var day: LocalDay
    package var cell: H3Cell

    package init(day: LocalDay, cell: H3Cell) {
        self.day = day
        self.cell = cell
    }
}

/// A query for the history of a cell.
package struct CellDaysQuery: Hashable, Sendable {
    package var dataset: Slug
    package var cell: H3Cell
    /// The first and last day; `nil` for an open end.
    package var from: LocalDay?
    package var to: LocalDay?
    /// The levels; empty for all.
    package var levels: Set<RiskLevel>
    /// The day after which the page begins.
    package var after: LocalDay?
    package var limit: Int

    package init(
        dataset: Slug, cell: H3Cell, from: LocalDay? = nil, to: LocalDay? = nil, levels: Set<RiskLevel> = [],
        after: LocalDay? = nil, limit: Int
    ) {
        self.dataset = dataset
        self.cell = cell
        self.from = from
        self.to = to
        self.levels = levels
        self.after = after
        self.limit = limit
    }
}
