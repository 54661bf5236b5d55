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

    package init(
        _ dataset: Slug, bounds: BoundingBox? = nil, polygon: DrawnPolygon? = nil, filter: FeatureFilter? = nil,
        queryables: [Queryable] = []
    ) {
        self.dataset = dataset
        self.bounds = bounds
        self.polygon = polygon
        self.filter = filter
        self.queryables = queryables
    }
}
