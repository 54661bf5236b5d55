/// Layers of areas and the figures of the areas.
package protocol AreaRepository: Sendable {
    /// The layers, by their slugs. There are at most 1,000.
    func layers() async throws -> [AreaLayer]

    /// The layer with a slug; `nil` when there is none.
    func layer(_ slug: Slug) async throws -> AreaLayer?

    /// How a dataset was counted in a layer; `nil` when it was not.
    func counts(of dataset: Slug, in layer: AreaLayer) async throws -> AreaCounts?

    /// The areas of a layer.
    /// - Throws: ``AreaLayerGone`` when the layer was replaced or deleted meanwhile.
    func areas(of layer: AreaLayer) async throws -> AreaTable

    /// The figures of a layer's areas; `nil` when the dataset was not counted in it.
    /// - Throws: ``AreaLayerGone`` as for ``areas(of:)``.
    func figures(_ query: AreaFigureQuery) async throws -> AreaFigureTable?

    /// The months and event types of an area.
    func history(of area: Int32, _ query: AreaFigureQuery, _ table: AreaFigureTable) async throws -> AreaHistory

    /// The numbers of the areas that meet all conditions, ascending.
    func numbers(_ search: AreaSearch) async throws -> [Int32]

    /// The number of the first area that a point is in.
    func number(of layer: AreaLayer, at place: Area.Place) async throws -> Int32?

    /// The boundaries of areas, by their numbers.
    /// - Parameter isSimple: Whether they are simplified.
    func outlines(of numbers: [Int32], in layer: AreaLayer, isSimple: Bool) async throws -> [Int32: AreaOutline]
}

/// Conditions on areas.
package struct AreaSearch: Hashable, Sendable {
    package var layer: AreaLayer
    /// A part of the name, without regard to case; `nil` for any.
    package var name: String?
    package var parent: String?
    package var bounds: BoundingBox?

    package init(layer: AreaLayer, name: String? = nil, parent: String? = nil, bounds: BoundingBox? = nil) {
        self.layer = layer
        self.name = name
        self.parent = parent
        self.bounds = bounds
    }
}

/// The layer was replaced or deleted while it was read; another try finds what is there now.
package struct AreaLayerGone: TemporarilyUnavailable {
    package var retryAfter: Duration { .seconds(1) }

    package init() {}
}
