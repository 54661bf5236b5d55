package import H3

/// Cells that stood out in an interval of days.
package protocol HotspotRepository: Sendable {
    /// Best first, at most `query.limit`.
    func hotspots(_ query: HotspotQuery) async throws -> [Hotspot]
}

package struct HotspotQuery: Hashable, Sendable {
    package var dataset: String
    package var days: ClosedRange<LocalDay>
    package var resolution: Int
    package var bounds: BoundingBox?
    package var limit: Int

    package init(
        dataset: String, days: ClosedRange<LocalDay>, resolution: Int, bounds: BoundingBox? = nil, limit: Int
    ) {
        self.dataset = dataset
        self.days = days
        self.resolution = resolution
        self.bounds = bounds
        self.limit = limit
    }
}

/// A cell that reached high or critical, or was flagged, at least once in the interval.
package struct Hotspot: Hashable, Sendable {
    package var cell: H3Cell
    package var resolution: Int
    /// 1 is the hottest.
    package var rank: Int
    /// Score and level of the last day with events in the interval.
    package var lastDay: LocalDay
    package var lastScore: Double
    package var lastLevel: RiskLevel
    package var maxScore: Double
    package var maxLevel: RiskLevel
    package var totalEvents: Int
    /// Days with at least one event.
    package var daysActive: Int
    /// Days whose count was flagged as an anomaly.
    package var daysFlagged: Int
    /// Growth rate of the last day with events.
    package var growthRate: Double
    /// Least-squares slope of the daily counts over every day of the interval, zeros included, in events a day per day.
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
