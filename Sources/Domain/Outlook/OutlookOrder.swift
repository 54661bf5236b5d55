/// The order of an outlook.
package struct OutlookOrder: Hashable, Sendable {
    package var dataset: Slug
    /// The H3 resolutions, ascending; none for all of the dataset.
    package var resolutions: [Int]
    /// The last day that it knows; `nil` for the last day with events that is over.
    package var asOf: LocalDay?
    /// The days of the forecast, 1 to 28.
    package var horizon: Int
    /// Whether the view is refreshed afterwards.
    package var refresh: Bool

    package static let usualHorizon = 7
    package static let horizons = 1...28

    package init(
        dataset: Slug, resolutions: [Int] = [], asOf: LocalDay? = nil, horizon: Int = usualHorizon,
        refresh: Bool = true
    ) {
        self.dataset = dataset
        self.resolutions = resolutions
        self.asOf = asOf
        self.horizon = horizon
        self.refresh = refresh
    }
}

/// The order of evaluations of a dataset's forecasts, one for each resolution.
package struct EvaluationOrder: Hashable, Sendable {
    package var dataset: Slug
    /// The H3 resolutions, ascending; none for all of the dataset.
    package var resolutions: [Int]
    package var kind: EventKind
    /// The days of each forecast, 1 to 28.
    package var horizon: Int
    /// The first and the last day that are forecast; `nil` for the `days` up to the last day with events that is over.
    package var from: LocalDay?
    package var to: LocalDay?

    /// The length of the period where its beginning is not given, in days.
    package static let usualDays = 182
    /// The longest period in days.
    package static let mostDays = 1830

    package init(
        dataset: Slug, resolutions: [Int] = [], kind: EventKind = .all, horizon: Int = OutlookOrder.usualHorizon,
        from: LocalDay? = nil, to: LocalDay? = nil
    ) {
        self.dataset = dataset
        self.resolutions = resolutions
        self.kind = kind
        self.horizon = horizon
        self.from = from
        self.to = to
    }
}
