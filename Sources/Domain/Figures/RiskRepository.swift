package import H3

/// The rows of the served view.
package protocol RiskRepository: Sendable {
    /// A page of rows by day and cell.
    /// - Parameter cell: The only cell; `nil` for all.
    func rows(_ query: CellQuery, of cell: H3Cell?, _ page: PageRequest<RiskRow>) async throws -> Page<RiskRow>

    /// A page of the rows of one cell by day.
    func days(_ query: CellDaysQuery, _ page: PageRequest<RiskRow>) async throws -> Page<RiskRow>
}

/// A query for the scored cells of some days at one resolution.
package struct CellQuery: Hashable, Sendable {
    package var selection: FeatureSelection
    package var days: ClosedRange<LocalDay>
    package var resolution: Int
    /// The levels; empty for all.
    package var levels: Set<RiskLevel>

    package init(
        _ selection: FeatureSelection, days: ClosedRange<LocalDay>, resolution: Int, levels: Set<RiskLevel> = []
    ) {
        self.selection = selection
        self.days = days
        self.resolution = resolution
        self.levels = levels
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
    package var days: ClosedRange<LocalDay>
    /// The levels; empty for all.
    package var levels: Set<RiskLevel>
    /// The limit to what the reader may know of small counts.
    package var disclosure: Disclosure

    package init(
        _ dataset: Slug, cell: H3Cell, days: ClosedRange<LocalDay> = .always, levels: Set<RiskLevel> = [],
        disclosure: Disclosure = .exact
    ) {
        self.dataset = dataset
        self.disclosure = disclosure
        self.cell = cell
        self.days = days
        self.levels = levels
    }
}
