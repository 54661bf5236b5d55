package import H3

/// The outlook of one cell as of a day: figures of a period, class as a hot or cold spot, and forecast.
package struct OutlookRow: Hashable, Sendable {
    package var cell: H3Cell
    package var resolution: Int
    /// The last day that the outlook knows.
    package var asOf: LocalDay
    package var kind: EventKind
    package var period: OutlookPeriod
    package var figures: PeriodFigures
    package var hotSpot: HotSpotFigures
    package var forecast: ForecastFigures
    /// The number by which the list is sorted, ascending; infinite for a cell without a value.
    package var sortKey: Double
    /// The place in words: the names of the areas that the cell lies in; `nil` where it has none.
    package var area: String?

    package init(
        cell: H3Cell, resolution: Int, asOf: LocalDay, kind: EventKind, period: OutlookPeriod,
        figures: PeriodFigures, hotSpot: HotSpotFigures, forecast: ForecastFigures, sortKey: Double,
        area: String? = nil
    ) {
        self.cell = cell
        self.resolution = resolution
        self.asOf = asOf
        self.kind = kind
        self.period = period
        self.figures = figures
        self.hotSpot = hotSpot
        self.forecast = forecast
        self.sortKey = sortKey
        self.area = area
    }

    /// The events of a period and how they compare with the period of the same length before it.
    package struct PeriodFigures: Hashable, Sendable {
        package var events: Int
        package var before: Int
        /// The chance of a change as large if nothing changed, 0 to 1.
        package var p: Double
        package var trend: CountTrend
        /// The highest risk score of a day; `nil` without one.
        package var maxScore: Double?
        /// The number of days flagged as anomalies; `nil` where scores say nothing.
        package var daysFlagged: Int?

        package init(events: Int, before: Int, p: Double, trend: CountTrend, maxScore: Double?, daysFlagged: Int?) {
            self.events = events
            self.before = before
            self.p = p
            self.trend = trend
            self.maxScore = maxScore
            self.daysFlagged = daysFlagged
        }

        /// The change in percent; `nil` without events before.
        package var change: Double? { before > 0 ? 100 * Double(events - before) / Double(before) : nil }
    }

    package struct HotSpotFigures: Hashable, Sendable {
        package var hotSpotClass: HotSpotClass
        /// The z-score of Gi* in the last step.
        package var z: Double
        /// The p-value of the trend of the z-scores.
        package var trendP: Double

        package init(hotSpotClass: HotSpotClass, z: Double, trendP: Double) {
            self.hotSpotClass = hotSpotClass
            self.z = z
            self.trendP = trendP
        }
    }

    package struct ForecastFigures: Hashable, Sendable {
        /// In days, 1 to 28.
        package var horizon: Int
        package var expected: Double
        /// The chance of at least one event.
        package var chance: Double
        /// The ends of the central intervals of 50 and 90 %, included.
        package var interval50: ClosedRange<Int>
        package var interval90: ClosedRange<Int>

        package init(
            horizon: Int, expected: Double, chance: Double, interval50: ClosedRange<Int>, interval90: ClosedRange<Int>
        ) {
            self.horizon = horizon
            self.expected = expected
            self.chance = chance
            self.interval50 = interval50
            self.interval90 = interval90
        }
    }
}

/// The length of a period of the outlook in days.
package enum OutlookPeriod: Int, CaseIterable, Sendable {
    case week = 7
    case fourWeeks = 28
    case quarter = 90
    case year = 365

    package static let usual = fourWeeks

    /// The place of the period in arrays with a value for each, counted from 1 as in SQL.
    package var place: Int { (Self.allCases.firstIndex(of: self) ?? 0) + 1 }
}

extension OutlookRow {
    /// The figures of a cell, in the order of lists.
    package static let figures: [Figure<OutlookRow>] = [
        Figure("h3_index", .cell { $0.cell }, "Index of the cell", outputs: [.tiles, .lists, .filters]),
        Figure("resolution", .integer { $0.resolution }, "Resolution of the cell", outputs: .lists),
        Figure("as_of", .day { $0.asOf }, "Last day that the outlook knows", outputs: .lists),
        Figure(
            "kind", .text { $0.kind.text }, "Kind of events: all, or a group of event types that the dataset names",
            outputs: .lists),
        Figure(
            "period", .integer { $0.period.rawValue }, "Length of the period that ends on as_of", in: "days",
            outputs: .lists),
        Figure(
            "events", .integer { $0.figures.events }, "Number of events of the period",
            outputs: [.tiles, .lists, .filters]),
        Figure(
            "events_before", .integer { $0.figures.before },
            "Number of events of the period of the same length before it", outputs: [.lists, .filters]),
        Figure(
            "events_per_day", .number { Double($0.figures.events) / Double($0.period.rawValue) },
            "Mean number of events of the period", in: "events a day", outputs: [.tiles, .lists, .filters]),
        Figure(
            "change_percent", .optionalNumber { $0.figures.change },
            "Change on the period before; null without events in that one", in: "percent",
            outputs: [.tiles, .lists, .filters]),
        Figure(
            "change_p", .number { $0.figures.p },
            "Chance of a change as large if nothing changed: exact two-sided test of the two counts",
            outputs: [.tiles, .lists, .filters]),
        Figure(
            "trend", .text { $0.figures.trend.rawValue },
            "Word for the change: rising or falling where change_p is below 0.05, else steady; few below 10 events",
            words: CountTrend.allCases.map(\.rawValue), outputs: [.tiles, .lists, .filters]),
        Figure(
            "max_score", .optionalNumber { $0.figures.maxScore },
            "Highest risk score of a day of the period; null without one, and for kinds other than all",
            outputs: [.tiles, .lists, .filters]),
        Figure(
            "days_flagged", .optionalInteger { $0.figures.daysFlagged },
            "Number of days of the period with an anomaly; null for kinds other than all",
            outputs: [.tiles, .lists, .filters]),
        Figure(
            "class", .text { $0.hotSpot.hotSpotClass.rawValue },
            "Class of the cell as a hot or cold spot over the last weeks",
            words: HotSpotClass.allCases.map(\.rawValue), outputs: [.tiles, .lists, .filters]),
        Figure(
            "gi_z", .number { $0.hotSpot.z },
            "z-score of Gi* in the last week: how far the cell and its neighbours are above the mean of the study area",
            in: "standard deviations", outputs: [.tiles, .lists, .filters]),
        Figure(
            "gi_trend_p", .number { $0.hotSpot.trendP },
            "Chance of a trend of gi_z as strong if there were none: Mann-Kendall, two-sided",
            outputs: [.lists, .filters]),
        Figure(
            "horizon", .integer { $0.forecast.horizon }, "Number of days after as_of that the forecast is for",
            outputs: .lists),
        Figure(
            "expected", .number { $0.forecast.expected }, "Expected number of events in these days",
            outputs: [.tiles, .lists, .filters]),
        Figure(
            "chance", .number { $0.forecast.chance }, "Chance of at least one event in these days, from 0 to 1",
            outputs: [.tiles, .lists, .filters]),
        Figure(
            "lower_50", .integer { $0.forecast.interval50.lowerBound }, "Lower end of the central interval of 50 %",
            outputs: [.tiles, .lists, .filters]),
        Figure(
            "upper_50", .integer { $0.forecast.interval50.upperBound }, "Upper end of the central interval of 50 %",
            outputs: [.tiles, .lists, .filters]),
        Figure(
            "lower_90", .integer { $0.forecast.interval90.lowerBound }, "Lower end of the central interval of 90 %",
            outputs: [.tiles, .lists, .filters]),
        Figure(
            "upper_90", .integer { $0.forecast.interval90.upperBound }, "Upper end of the central interval of 90 %",
            outputs: [.tiles, .lists, .filters]),
        Figure(
            "area", .text { $0.area }, "Names of the areas that the cell lies in, if the dataset has a layer of them",
            outputs: .lists),
    ]
}
