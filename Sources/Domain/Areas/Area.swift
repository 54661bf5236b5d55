/// A named place with a boundary, without its geometry.
package struct Area: Hashable, Sendable {
    /// The place of the id among those of the layer in the order of bytes, from 1.
    package let number: Int32
    package let id: String
    package let name: String
    package let population: Double?
    /// The id of the area of the parent layer that it is a part of.
    package let parent: String?
    /// The surface on the spheroid in square kilometres.
    package let squareKilometres: Double
    package let centroid: Place
    /// A point inside.
    package let label: Place
    /// The box around the boundary in degrees; one across the antimeridian is as wide as the world.
    package let box: BoundingBox

    /// A point in degrees, WGS 84.
    package struct Place: Hashable, Sendable {
        package let longitude: Double
        package let latitude: Double

        package init(longitude: Double, latitude: Double) {
            self.longitude = longitude
            self.latitude = latitude
        }
    }

    package init(
        number: Int32, id: String, name: String, population: Double?, parent: String?, squareKilometres: Double,
        centroid: Place, label: Place, box: BoundingBox
    ) {
        self.number = number
        self.id = id
        self.name = name
        self.population = population
        self.parent = parent
        self.squareKilometres = squareKilometres
        self.centroid = centroid
        self.label = label
        self.box = box
    }
}

/// A layer with its areas, in the order of their numbers.
package struct AreaTable: Sendable {
    package let layer: AreaLayer
    package let areas: [Area]
    private let indices: [String: Int]

    /// - Parameter areas: The areas by number.
    package init(_ layer: AreaLayer, _ areas: [Area]) {
        self.layer = layer
        self.areas = areas
        indices = Dictionary(areas.indices.map { (areas[$0].id, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// The index of the area with an id.
    package func index(ofID id: String) -> Int? { indices[id] }

    /// The index of the area with a number.
    package func index(ofNumber number: Int32) -> Int? {
        // Numbers have no gaps, unless an area had no surface.
        var (low, high) = (0, areas.count)
        while low < high {
            let middle = (low + high) / 2
            if areas[middle].number < number { low = middle + 1 } else { high = middle }
        }
        return low < areas.count && areas[low].number == number ? low : nil
    }
}

/// The geometry that an answer has of an area.
package enum AreaGeometry: String, CaseIterable, Sendable {
    case none
    /// A point inside.
    case label
    /// The boundary, simplified together with the others.
    case simple
    /// The boundary as it was imported.
    case full
}

/// The boundary of an area: polygons of rings, the first of which is the outer one. A ring is longitudes and latitudes
/// in turn, and ends where it begins. Outer rings run counter-clockwise.
package struct AreaOutline: Hashable, Sendable {
    package let polygons: [[[Double]]]

    package init(polygons: [[[Double]]]) {
        self.polygons = polygons
    }
}
