/// The figures of an area in a period.
package struct AreaFigures: Hashable, Sendable {
    package var events: Int
    /// Events for each 1,000 residents a year.
    package var rate: Double?
    /// Events for each square kilometre a year.
    package var density: Double?
    /// Events of the period by resident, or by square kilometre where the layer has no population, drawn towards the
    /// mean of all areas (empirical Bayes).
    package var empiricalBayesRate: Double?
    /// 0 to 100: the share of the other areas with a higher rate of weighted events.
    package var safetyScore: Double?
    /// `nil` where the events do not cover the last 24 full months.
    package var trend: Trend?

    /// The events of the last 12 full months against those of the 12 before.
    package struct Trend: Hashable, Sendable {
        package let last: Int
        package let before: Int
        /// In percent; `nil` when there were none before.
        package let change: Double?
        package let p: Double
        /// `rising`, `falling`, `steady` or `few`.
        package let label: String

        package init(last: Int, before: Int, change: Double?, p: Double, label: String) {
            self.last = last
            self.before = before
            self.change = change
            self.p = p
            self.label = label
        }
    }

    package init(
        events: Int, rate: Double?, density: Double?, empiricalBayesRate: Double?, safetyScore: Double?, trend: Trend?
    ) {
        self.events = events
        self.rate = rate
        self.density = density
        self.empiricalBayesRate = empiricalBayesRate
        self.safetyScore = safetyScore
        self.trend = trend
    }
}

/// A figure by which areas are compared, sorted and coloured.
package enum AreaFigure: String, CaseIterable, Sendable {
    case events
    case rate
    case density
    case empiricalBayesRate = "eb_rate"
    case safetyScore = "safety_score"
    case trendChange = "trend_change"

    package func value(of figures: AreaFigures) -> Double? {
        switch self {
        case .events: Double(figures.events)
        case .rate: figures.rate
        case .density: figures.density
        case .empiricalBayesRate: figures.empiricalBayesRate
        case .safetyScore: figures.safetyScore
        case .trendChange: figures.trend?.change
        }
    }
}

/// The figures of all areas of a layer.
package struct AreaFigureTable: Sendable {
    package let layer: AreaLayer
    package let counts: AreaCounts
    /// The period; `nil` when there are no events and none was asked for.
    package let period: ClosedRange<LocalDay>?
    /// The figures by the index of the area in its ``AreaTable``.
    package let figures: [AreaFigures]
    /// The indices of the areas whose empirical Bayes rates are nearest to that of each, the nearest first.
    package let peers: [[Int32]]

    package init(
        layer: AreaLayer, counts: AreaCounts, period: ClosedRange<LocalDay>?, figures: [AreaFigures], peers: [[Int32]]
    ) {
        self.layer = layer
        self.counts = counts
        self.period = period
        self.figures = figures
        self.peers = peers
    }
}

/// The figures that are asked for.
package struct AreaFigureQuery: Hashable, Sendable {
    package var layer: AreaLayer
    package var dataset: Dataset
    /// The first day; `nil` for the first of the last 12 full months. So it is with the last day.
    package var from: LocalDay?
    package var to: LocalDay?
    /// The event types; empty for all.
    package var eventTypes: [String]

    package init(
        layer: AreaLayer, dataset: Dataset, from: LocalDay? = nil, to: LocalDay? = nil, eventTypes: [String] = []
    ) {
        self.layer = layer
        self.dataset = dataset
        self.from = from
        self.to = to
        self.eventTypes = eventTypes
    }
}

extension AreaFigureQuery {
    /// The period: what the query names, else the last 12 full months that the dataset has, else all its days. `nil`
    /// without events or days.
    package func period(_ counts: AreaCounts) -> ClosedRange<LocalDay>? {
        switch (from, to) {
        case (let from?, let to?): return from <= to ? from...to : nil
        case (let from?, nil): return from...max(from, counts.days?.upperBound ?? from)
        case (nil, let to?): return min(to, counts.days?.lowerBound ?? to)...to
        case (nil, nil):
            guard let days = counts.days else { return nil }
            let months = FullMonths(upTo: days.upperBound).days(of: 12)
            let first = max(months.lowerBound, days.lowerBound.firstOfMonth)
            return first <= months.upperBound ? first...months.upperBound : days
        }
    }
}

/// The months and event types of a single area.
package struct AreaHistory: Hashable, Sendable {
    package struct Month: Hashable, Sendable {
        /// The first day.
        package let month: LocalDay
        package let events: Int

        package init(month: LocalDay, events: Int) {
            self.month = month
            self.events = events
        }
    }

    package struct Kind: Hashable, Sendable {
        package let eventType: String
        package let events: Int

        package init(eventType: String, events: Int) {
            self.eventType = eventType
            self.events = events
        }
    }

    /// The last 36 full months, the oldest first; those before the first event are left out.
    package let months: [Month]
    /// The events of the period by type, the most frequent first.
    package let kinds: [Kind]

    package init(months: [Month], kinds: [Kind]) {
        self.months = months
        self.kinds = kinds
    }
}
