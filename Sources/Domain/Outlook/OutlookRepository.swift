package import H3

/// The outlooks that are served, and the evaluations of forecasts.
package protocol OutlookRepository: Sendable {
    /// A page of the cells of an outlook, in the order of the query.
    func cells(_ query: OutlookQuery, _ page: PageRequest<OutlookRow>) async throws -> Page<OutlookRow>

    /// A page of evaluations, the newest first.
    func evaluations(
        _ query: OutlookEvaluationQuery, _ page: PageRequest<OutlookEvaluation>
    ) async throws -> Page<OutlookEvaluation>
}

/// A query for the cells of an outlook.
package struct OutlookQuery: Hashable, Sendable {
    package var selection: FeatureSelection
    package var resolution: Int
    package var asOf: LocalDay
    package var kind: EventKind
    package var period: OutlookPeriod
    /// The classes; empty for all. The same holds for the trends.
    package var classes: Set<HotSpotClass>
    package var trends: Set<CountTrend>
    package var sort: OutlookSort

    package init(
        _ selection: FeatureSelection, resolution: Int, asOf: LocalDay, kind: EventKind = .all,
        period: OutlookPeriod = .usual, classes: Set<HotSpotClass> = [], trends: Set<CountTrend> = [],
        sort: OutlookSort = .expected
    ) {
        self.selection = selection
        self.resolution = resolution
        self.asOf = asOf
        self.kind = kind
        self.period = period
        self.classes = classes
        self.trends = trends
        self.sort = sort
    }
}

/// The figure by which cells are sorted, the largest first; equal ones by cell.
package enum OutlookSort: String, CaseIterable, Sendable {
    case expected
    case chance
    case events
    case change
    case gi
    case score
    /// The most urgent class first.
    case `class`
    case cell
}

/// The cursor of a list of cells.
package struct OutlookCursor: Hashable, Sendable {
    /// The number by which the list is sorted, ascending; infinite for cells without a value.
    package var key: Double
    package var cell: H3Cell

    package init(key: Double, cell: H3Cell) {
        self.key = key
        self.cell = cell
    }
}

extension OutlookRow: Listed {
    package var cursor: OutlookCursor { OutlookCursor(key: sortKey, cell: cell) }
}

/// A query for evaluations.
package struct OutlookEvaluationQuery: Hashable, Sendable {
    package var dataset: Slug
    /// `nil` for all; the same holds for the others.
    package var resolution: Int?
    package var kind: EventKind?
    package var horizon: Int?

    package init(dataset: Slug, resolution: Int? = nil, kind: EventKind? = nil, horizon: Int? = nil) {
        self.dataset = dataset
        self.resolution = resolution
        self.kind = kind
        self.horizon = horizon
    }
}

/// How the forecast did on days that have passed.
package struct OutlookEvaluation: Hashable, Sendable {
    package var id: Int64
    package var dataset: Slug
    package var resolution: Int
    package var kind: EventKind
    package var horizon: Int
    package var days: ClosedRange<LocalDay>
    /// The number of cells in the study area, of forecasts, and of events outside the area.
    package var cells: Int
    package var origins: Int
    package var outside: Int
    /// Whether a rival is ahead by more than resampling explains.
    package var isBehind: Bool
    /// The rival with the best log score; `nil` without rivals.
    package var bestRival: String?
    /// The scores of the methods and the comparisons, each a JSON array.
    package var methods: String
    package var comparisons: String
    package var madeAt: Instant

    package init(
        id: Int64, dataset: Slug, resolution: Int, kind: EventKind, horizon: Int, days: ClosedRange<LocalDay>,
        cells: Int, origins: Int, outside: Int, isBehind: Bool, bestRival: String?, methods: String,
        comparisons: String, madeAt: Instant
    ) {
        self.id = id
        self.dataset = dataset
        self.resolution = resolution
        self.kind = kind
        self.horizon = horizon
        self.days = days
        self.cells = cells
        self.origins = origins
        self.outside = outside
        self.isBehind = isBehind
        self.bestRival = bestRival
        self.methods = methods
        self.comparisons = comparisons
        self.madeAt = madeAt
    }
}

extension OutlookEvaluation: Listed {
    package var cursor: Int64 { id }
}
