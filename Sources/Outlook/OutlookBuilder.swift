package import Domain

/// Builds the outlook of a study area from the counts of its days, the oldest first.
///
/// It holds the forecast's memory, the z-scores of the steps and the events of the periods, and so grows with the cells
/// and not with the days.
package struct OutlookBuilder: Sendable {
    package struct Settings: Sendable {
        /// The days to forecast, 1 to 28.
        package var horizon = 7
        /// The weeks of the window of hot spots, 1 to 520; fewer where the history is shorter.
        package var steps = 52
        /// Above 0 and below 1.
        package var alpha = 0.05
        /// Whether the false discovery rate is held.
        package var isCorrected = true

        package init() {}
    }

    private static let stepDays = 7

    private let settings: Settings
    /// The last day, after which the outlook is finished.
    private let last: LocalDay
    private let days: Int
    /// The steps of the window, at least 1.
    package let steps: Int
    private var forecaster: Forecaster
    private var hotSpots: HotSpots
    /// The events of the step under way.
    private var step: [Int32]
    /// The events of each period and of the one before it: `events[period][cell]`.
    private var events: [[Int32]]
    private var before: [[Int32]]
    /// The events outside the study area.
    package private(set) var outside = 0

    /// - Parameter days: The days that will be added.
    /// - Throws: `OutlookError` for settings out of range; `H3Error` for a cell that is not valid.
    package init(area: StudyArea, days: ClosedRange<LocalDay>, settings: Settings = Settings()) throws {
        guard settings.alpha > 0, settings.alpha < 1 else {
            throw OutlookError.outOfRange(field: "alpha", range: "above 0 and below 1")
        }
        self.settings = settings
        last = days.upperBound
        self.days = days.lowerBound.distance(to: days.upperBound) + 1
        guard (1...520).contains(settings.steps) else {
            throw OutlookError.outOfRange(field: "steps", range: "1 to 520 weeks")
        }
        steps = max(1, min(settings.steps, self.days / Self.stepDays))
        // The same as in an evaluation, so that this tells of these forecasts.
        forecaster = try Forecaster(
            area: area, from: days.lowerBound, horizon: settings.horizon, warmUp: min(730, self.days / 3))
        hotSpots = try HotSpots(area: area, window: steps)
        step = [Int32](repeating: 0, count: area.count)
        events = OutlookPeriod.allCases.map { _ in [Int32](repeating: 0, count: area.count) }
        before = events
    }

    /// Adds the day after the last one.
    ///
    /// - Parameter counts: The events of the day; `nil` for a day without records.
    /// - Throws: `OutlookError.countOutOfRange` where a step has too many events.
    package mutating func add(_ counts: CellCounts?) throws {
        guard let counts else {
            forecaster.skip()
            try endDay(.none)
            return
        }
        forecaster.add(counts)
        outside += counts.outside
        try endDay(counts)
    }

    private mutating func endDay(_ counts: CellCounts) throws {
        let age = forecaster.day.distance(to: last)
        for (index, period) in OutlookPeriod.allCases.enumerated() {
            if age < period.rawValue {
                Self.add(counts, to: &events[index])
            } else if age < 2 * period.rawValue {
                Self.add(counts, to: &before[index])
            }
        }
        guard age < steps * Self.stepDays else { return }
        Self.add(counts, to: &step)
        guard age % Self.stepDays == 0 else { return }
        try hotSpots.append(step)
        step = [Int32](repeating: 0, count: step.count)
    }

    private static func add(_ counts: CellCounts, to sums: inout [Int32]) {
        for (position, count) in zip(counts.positions, counts.counts) { sums[Int(position)] += count }
    }

    /// The outlook as of the last day, which must have been added. Fits the weights, which takes the time of a second
    /// in large areas.
    /// - Throws: `OutlookError`.
    package func finished() throws -> AreaOutlook {
        precondition(forecaster.day == last, "all days are added")
        var forecaster = forecaster
        forecaster.fit()
        let classified = try hotSpots.classified(alpha: settings.alpha, isCorrected: settings.isCorrected)
        return AreaOutlook(
            area: forecaster.area, steps: steps, threshold: classified.threshold,
            periods: OutlookPeriod.allCases.enumerated().map { index, period in
                PeriodOutlook(events[index], before[index], isCovered: days >= 2 * period.rawValue)
            },
            classes: classified.classes, giZs: hotSpots.scores.last ?? [], giTrendPs: classified.trends.map(\.p),
            forecast: forecaster.forecast(), model: forecaster.model)
    }
}

/// The outlook of a study area; each array has one entry for each of its cells.
package struct AreaOutlook: Sendable {
    package let area: StudyArea
    package let steps: Int
    /// The largest p-value that counts as a spot; `nil` where there is no spot.
    package let threshold: Double?
    /// One for each of ``OutlookPeriod``, in their order.
    package let periods: [PeriodOutlook]
    package let classes: [HotSpotClass]
    /// z-scores of Gi* in the last step, and the p-values of their trends.
    package let giZs: [Double]
    package let giTrendPs: [Double]
    package let forecast: Forecast
    package let model: ForecastModel
}

/// The events of a period and how they compare with those of the period before, for each cell.
package struct PeriodOutlook: Sendable {
    package let events: [Int32]
    package let before: [Int32]
    package let ps: [Double]
    package let trends: [CountTrend]

    /// - Parameter isCovered: Whether the history reaches back over both periods; else nothing is said of a change.
    init(_ events: [Int32], _ before: [Int32], isCovered: Bool) {
        self.events = events
        self.before = before
        guard isCovered else {
            ps = [Double](repeating: 1, count: events.count)
            trends = [CountTrend](repeating: .few, count: events.count)
            return
        }
        let changes = zip(events, before).map { PeriodChange(events: Int($0), before: Int($1)) }
        ps = changes.map(\.p)
        trends = changes.map { $0.word() }
    }
}
