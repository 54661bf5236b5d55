/// A layer: areas of one kind that come from one file, such as the wards of a city.
package struct AreaLayer: Hashable, Sendable {
    /// The number of the layer, which no other has or had: a layer that is imported again gets another one.
    package let id: Int32
    package let slug: Slug
    package let name: String
    /// Greater than that of any layer or count before it.
    package let version: Int64
    /// The layer that the areas are parts of.
    package let parent: Slug?
    /// Whether the borders were derived from events, and are no official ones.
    package let isApproximate: Bool
    /// The file that it was made of, or what it was derived from.
    package let source: String
    /// The name of the file's reference system.
    package let reference: String
    /// How many areas it has.
    package let areas: Int
    /// The population of all areas; `nil` where none has one.
    package let population: Double?
    package let bounds: BoundingBox?
    /// Repairs, gaps and overlaps as a JSON object.
    package let faults: String
    package let importedAt: Instant

    package init(
        id: Int32, slug: Slug, name: String, version: Int64, parent: Slug? = nil, isApproximate: Bool = false,
        source: String = "", reference: String = "", areas: Int, population: Double? = nil,
        bounds: BoundingBox? = nil, faults: String = "{}", importedAt: Instant
    ) {
        self.id = id
        self.slug = slug
        self.name = name
        self.version = version
        self.parent = parent
        self.isApproximate = isApproximate
        self.source = source
        self.reference = reference
        self.areas = areas
        self.population = population
        self.bounds = bounds
        self.faults = faults
        self.importedAt = importedAt
    }
}

/// How the events of a dataset were counted in a layer.
package struct AreaCounts: Hashable, Sendable {
    package let dataset: Slug
    /// Greater than that of any layer or count before it.
    package let version: Int64
    /// The first and the last day with events; `nil` without any.
    package let days: ClosedRange<LocalDay>?
    package let events: Int
    /// Events in none of the areas.
    package let outside: Int
    package let countedAt: Instant

    package init(
        dataset: Slug, version: Int64, days: ClosedRange<LocalDay>?, events: Int, outside: Int, countedAt: Instant
    ) {
        self.dataset = dataset
        self.version = version
        self.days = days
        self.events = events
        self.outside = outside
        self.countedAt = countedAt
    }
}
