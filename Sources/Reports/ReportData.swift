package import Domain
package import H3

/// The subject of a report.
package enum ReportSubject: Hashable, Sendable {
    case dataset
    case cell(H3Cell)
    /// The area with an id of a layer.
    case area(layer: Slug, id: String)
}

/// Everything that a report tells, without words. Two equal values give the same bytes.
package struct ReportData: Sendable {
    package var dataset: Dataset
    package var subject: ReportSubject
    /// The place in words: the name of an area, or the names of the areas that a cell lies in; `nil` where it has none.
    package var place: String?
    /// The name of the layer of an area.
    package var layerName: String?
    package var kind: EventKind
    /// The days of the figures.
    package var period: ClosedRange<LocalDay>
    /// The limit to what the reader may know of small counts.
    package var disclosure: Disclosure
    /// The generation of the served view that the figures come from.
    package var generation: Int64
    package var map: ReportMap
    package var events: Int
    /// The events of the period of the same length before; `nil` where it is not wholly known.
    package var before: Int?
    package var history: ReportHistory
    /// The events of the period by type, the most frequent first; `nil` where they must not be told.
    package var kinds: [ReportKind]?
    package var forecast: ReportForecast?
    /// The figures of a single cell in an outlook.
    package var cell: CellStanding?
    /// The figures of an area among those of its layer.
    package var area: AreaStanding?
    /// The cells that deserve a look first.
    package var places: [ReportPlace]

    package init(
        dataset: Dataset, subject: ReportSubject, place: String? = nil, layerName: String? = nil,
        kind: EventKind = .all, period: ClosedRange<LocalDay>, disclosure: Disclosure = .exact, generation: Int64,
        map: ReportMap, events: Int, before: Int? = nil, history: ReportHistory, kinds: [ReportKind]? = nil,
        forecast: ReportForecast? = nil, cell: CellStanding? = nil, area: AreaStanding? = nil,
        places: [ReportPlace] = []
    ) {
        self.dataset = dataset
        self.subject = subject
        self.place = place
        self.layerName = layerName
        self.kind = kind
        self.period = period
        self.disclosure = disclosure
        self.generation = generation
        self.map = map
        self.events = events
        self.before = before
        self.history = history
        self.kinds = kinds
        self.forecast = forecast
        self.cell = cell
        self.area = area
        self.places = places
    }

    /// The number of days of the period.
    package var days: Int { period.lowerBound.distance(to: period.upperBound) + 1 }
}

/// The events of an event type.
package struct ReportKind: Hashable, Sendable {
    package var name: String
    package var events: Int

    package init(name: String, events: Int) {
        self.name = name
        self.events = events
    }
}

/// The events over time, in steps of a week or a month.
package struct ReportHistory: Hashable, Sendable {
    package enum Step: Hashable, Sendable {
        case week
        case month
    }

    package struct Bar: Hashable, Sendable {
        /// The first day of the step.
        package var first: LocalDay
        package var events: Int

        package init(first: LocalDay, events: Int) {
            self.first = first
            self.events = events
        }
    }

    package var step: Step
    /// The steps without gaps, the oldest first.
    package var bars: [Bar]

    package init(step: Step, bars: [Bar]) {
        self.step = step
        self.bars = bars
    }
}

/// The number of events that are expected after the period.
package struct ReportForecast: Hashable, Sendable {
    /// In days.
    package var horizon: Int
    package var expected: Double
    /// The ends of the central interval of 50 %, included; `nil` for a sum of cells, whose intervals do not add up.
    package var half: ClosedRange<Int>?
    /// The same of 90 %.
    package var most: ClosedRange<Int>?
    /// The chance of at least one event; `nil` for a sum of cells.
    package var chance: Double?

    package init(
        horizon: Int, expected: Double, half: ClosedRange<Int>? = nil, most: ClosedRange<Int>? = nil,
        chance: Double? = nil
    ) {
        self.horizon = horizon
        self.expected = expected
        self.half = half
        self.most = most
        self.chance = chance
    }
}

/// How a cell stands among the cells of its study area.
package struct CellStanding: Hashable, Sendable {
    package var hotSpotClass: HotSpotClass
    /// The z-score of Gi* in the last week.
    package var z: Double
    /// The rank by events of the period, from 1, among `cells`; equal counts share the better rank. `nil` where the
    /// study area is too large to tell.
    package var rank: Int?
    package var cells: Int

    package init(hotSpotClass: HotSpotClass, z: Double, rank: Int?, cells: Int) {
        self.hotSpotClass = hotSpotClass
        self.z = z
        self.rank = rank
        self.cells = cells
    }
}

/// How an area stands among those of its layer.
package struct AreaStanding: Hashable, Sendable {
    package var figures: AreaFigures
    package var population: Double?
    package var squareKilometres: Double
    /// The rank by rate (drawn towards the mean), from 1, among `areas`; `nil` without a rate.
    package var rank: Int?
    package var areas: Int
    /// Whether the borders were derived from events.
    package var isApproximate: Bool

    package init(
        figures: AreaFigures, population: Double?, squareKilometres: Double, rank: Int?, areas: Int,
        isApproximate: Bool
    ) {
        self.figures = figures
        self.population = population
        self.squareKilometres = squareKilometres
        self.rank = rank
        self.areas = areas
        self.isApproximate = isApproximate
    }
}

/// A cell in the list of those that deserve a look first.
package struct ReportPlace: Hashable, Sendable {
    package var cell: H3Cell
    package var name: String?
    package var look: CellLook
    package var events: Int
    package var expected: Double?

    package init(cell: H3Cell, name: String?, look: CellLook, events: Int, expected: Double?) {
        self.cell = cell
        self.name = name
        self.look = look
        self.events = events
        self.expected = expected
    }
}
