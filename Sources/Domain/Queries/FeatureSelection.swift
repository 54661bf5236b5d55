/// The features of a dataset that a list or a count is limited to.
package struct FeatureSelection: Hashable, Sendable {
    package var dataset: Slug
    /// The box that features lie in; `nil` for everywhere. The same holds for the drawn polygon.
    package var bounds: BoundingBox?
    package var polygon: DrawnPolygon?
    /// The condition that features meet; `nil` for none.
    package var filter: FeatureFilter?
    /// The attributes of events that the filter may name.
    package var queryables: [Queryable]
    /// The limit to what the reader may know of small counts.
    package var disclosure: Disclosure

    /// The features of a dataset for a reader who may know every count.
    package init(
        _ dataset: Slug, bounds: BoundingBox? = nil, polygon: DrawnPolygon? = nil, filter: FeatureFilter? = nil,
        queryables: [Queryable] = []
    ) {
        self.init(dataset, .exact, bounds, polygon, filter, queryables)
    }

    /// The features of a dataset for the reader of its status.
    package init(
        of status: DatasetStatus, bounds: BoundingBox? = nil, polygon: DrawnPolygon? = nil,
        filter: FeatureFilter? = nil, queryables: [Queryable] = []
    ) {
        self.init(status.dataset.slug, status.disclosure, bounds, polygon, filter, queryables)
    }

    private init(
        _ dataset: Slug, _ disclosure: Disclosure, _ bounds: BoundingBox?, _ polygon: DrawnPolygon?,
        _ filter: FeatureFilter?, _ queryables: [Queryable]
    ) {
        self.dataset = dataset
        self.disclosure = disclosure
        self.bounds = bounds
        self.polygon = polygon
        self.filter = filter
        self.queryables = queryables
    }
}
