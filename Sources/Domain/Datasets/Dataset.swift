/// A dataset: events of one subject and place with how they are scored and shown, or expenditures.
package struct Dataset: Hashable, Sendable {
    package enum Visibility: String, Sendable, CaseIterable {
        case `public`
        case `private`
    }

    package var slug: Slug
    /// The kind of its records. It can only change while there are none.
    package var holds: DatasetContents
    package var title: String
    package var licence: String
    package var licenceURL: String?
    package var attribution: String
    /// The IANA name of the time zone whose midnight ends a day.
    package var timeZone: String
    package var visibility: Visibility
    /// The H3 resolutions that are scored, ascending, each 0 to 15.
    package var resolutions: [Int]
    /// The groups of event types that have figures of their own, by name.
    package var groups: [EventGroup]
    package var weights: RiskWeights
    package var thresholds: RiskThresholds
    /// How many days are kept before today; `nil` for all.
    package var retentionDays: Int?
    /// The attributes of events that filters may name, by name.
    package var queryables: [Queryable]

    /// How much an event of a type counts in the safety score of areas; 1 for types that are not named.
    package var eventWeights: [String: Double]
    /// The layer whose areas give the cells of the dataset their names; `nil` for none.
    package var areas: Slug?
    /// The least count that readers without the right to small counts see, 2 to 1000; `nil` hides nothing.
    package var minimumCount: Int?
    /// Expectations of every batch; a mapping and a feed may state others in their place.
    package var expect: Expectations

    package init(
        slug: Slug, holds: DatasetContents = .events, title: String, licence: String, licenceURL: String? = nil,
        attribution: String,
        timeZone: String = "UTC", visibility: Visibility = .public, resolutions: [Int], groups: [EventGroup] = [],
        weights: RiskWeights = .standard, thresholds: RiskThresholds = .standard, retentionDays: Int? = nil,
        queryables: [Queryable] = [], eventWeights: [String: Double] = [:], areas: Slug? = nil,
        minimumCount: Int? = nil, expect: Expectations = Expectations()
    ) {
        self.slug = slug
        self.holds = holds
        self.title = title
        self.licence = licence
        self.licenceURL = licenceURL
        self.attribution = attribution
        self.timeZone = timeZone
        self.visibility = visibility
        self.resolutions = resolutions
        self.groups = groups
        self.weights = weights
        self.thresholds = thresholds
        self.retentionDays = retentionDays
        self.queryables = queryables
        self.eventWeights = eventWeights
        self.areas = areas
        self.minimumCount = minimumCount
        self.expect = expect
    }
}
