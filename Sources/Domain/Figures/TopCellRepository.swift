package import H3

/// The top cells of a period.
package protocol TopCellRepository: Sendable {
    /// A page of cells by highest score, flagged days, events, and cell. The levels of the query are those that the
    /// highest score may have.
    func topCells(_ query: CellQuery, _ page: PageRequest<TopCell>) async throws -> Page<TopCell>
}

/// The cursor of a list of top cells.
package struct TopCellCursor: Hashable, Sendable {
    /// The rank of the cell, counted over all pages.
    package var rank: Int
    package var maxScore: Double
    package var daysFlagged: Int
    package var totalEvents: Int
    package var cell: H3Cell

    package init(rank: Int, maxScore: Double, daysFlagged: Int, totalEvents: Int, cell: H3Cell) {
        self.rank = rank
        self.maxScore = maxScore
        self.daysFlagged = daysFlagged
        self.totalEvents = totalEvents
        self.cell = cell
    }
}

/// A cell that reached High or Critical, or was flagged, at least once in the period.
package struct TopCell: Hashable, Sendable {
    package var cell: H3Cell
    package var resolution: Int
    /// The rank; 1 is the highest score.
    package var rank: Int
    /// The last day with events in the period; its score and level follow.
    package var lastDay: LocalDay
    package var lastScore: Double
    package var lastLevel: RiskLevel
    package var maxScore: Double
    package var maxLevel: RiskLevel
    package var totalEvents: Int
    /// The number of days with at least one event.
    package var daysActive: Int
    /// The number of days flagged as anomalies.
    package var daysFlagged: Int
    /// The growth rate on the last day with events.
    package var growthRate: Double
    /// The least-squares slope of the daily counts over every day of the period, zeros included, in events a day per
    /// day.
    package var slope: Double
    /// The place in words: the names of the areas that the cell lies in; `nil` where it has none.
    package var area: String?

    package init(
        cell: H3Cell, resolution: Int, rank: Int, lastDay: LocalDay, lastScore: Double, lastLevel: RiskLevel,
        maxScore: Double, maxLevel: RiskLevel, totalEvents: Int, daysActive: Int, daysFlagged: Int,
        growthRate: Double, slope: Double
    ) {
        self.cell = cell
        self.resolution = resolution
        self.rank = rank
        self.lastDay = lastDay
        self.lastScore = lastScore
        self.lastLevel = lastLevel
        self.maxScore = maxScore
        self.maxLevel = maxLevel
        self.totalEvents = totalEvents
        self.daysActive = daysActive
        self.daysFlagged = daysFlagged
        self.growthRate = growthRate
        self.slope = slope
    }
}
