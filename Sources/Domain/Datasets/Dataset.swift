/// A dataset: events of one subject and place, and how they are scored and shown.
package struct Dataset: Hashable, Sendable {
    package enum Visibility: String, Sendable, CaseIterable {
        case `public`
        case `private`
    }

    package var slug: Slug
    package var title: String
    package var licence: String
    package var licenceURL: String?
    package var attribution: String
    /// The IANA name of the time zone whose midnight ends a day.
    package var timeZone: String
    package var visibility: Visibility
    /// The H3 resolutions that are scored, ascending, each 0 to 15.
    package var resolutions: [Int]
    package var weights: RiskWeights
    package var thresholds: RiskThresholds
    /// How many days are kept before today; `nil` for all.
    package var retentionDays: Int?
    /// The least count that readers without the right to small counts see, 2 to 1000; `nil` hides nothing.
    package var minimumCount: Int?

    package init(
        slug: Slug, title: String, licence: String, licenceURL: String? = nil, attribution: String,
        timeZone: String = "UTC", visibility: Visibility = .public, resolutions: [Int],
        weights: RiskWeights = .standard, thresholds: RiskThresholds = .standard, retentionDays: Int? = nil,
        minimumCount: Int? = nil
    ) {
        self.slug = slug
        self.title = title
        self.licence = licence
        self.licenceURL = licenceURL
        self.attribution = attribution
        self.timeZone = timeZone
        self.visibility = visibility
        self.resolutions = resolutions
        self.weights = weights
        self.thresholds = thresholds
        self.retentionDays = retentionDays
        self.minimumCount = minimumCount
    }
}
