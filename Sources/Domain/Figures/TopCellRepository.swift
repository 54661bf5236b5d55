package import H3

/// The top cells of a period.
package protocol TopCellRepository: Sendable {
    /// At most `query.limit` cells after the cursor `query.after`, by highest score, flagged days, events, and cell.
    func topCells(_ query: TopCellQuery) async throws -> [TopCell]
}

package struct TopCellQuery: Hashable, Sendable {
    package var dataset: Slug
    package var days: ClosedRange<LocalDay>
    package var resolution: Int
    /// The levels that the highest score may have; empty for all.
    package var levels: Set<RiskLevel>
    package var bounds: BoundingBox?
    package var polygon: DrawnPolygon?
    package var filter: FeatureFilter?
    package var after: TopCellCursor?
    package var limit: Int

    package init(
        dataset: Slug, days: ClosedRange<LocalDay>, resolution: Int, levels: Set<RiskLevel> = [],
        bounds: BoundingBox? = nil, polygon: DrawnPolygon? = nil, after: TopCellCursor? = nil, limit: Int
    ) {
        self.dataset = dataset
        self.days = days
        self.resolution = resolution
        self.levels = levels
        self.bounds = bounds
        self.polygon = polygon
        self.after = after
        self.limit = limit
    }
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

extension TopCell {
    package var cursor: TopCellCursor {
        TopCellCursor(
            rank: rank, maxScore: maxScore, daysFlagged: daysFlagged, totalEvents: totalEvents, cell: cell)
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
