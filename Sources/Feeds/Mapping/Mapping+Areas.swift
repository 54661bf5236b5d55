package import Domain

extension Mapping.NamedAreas {
    /// The attribute that says that an event was placed at an area, `area:LAYER`.
    static let mark = "placement"
}

extension Mapping {
    /// The layer whose label points the mapping needs; nil when it needs none, or has a file of places instead.
    package var areaLayer: Slug? {
        guard case .area(_, let areas) = coordinates.place, areas.table == nil else { return nil }
        return areas.layer
    }

    /// Whether a layer that is missing makes every record a dead letter, and is no error.
    package var mayLackAreas: Bool {
        guard case .area(_, let areas) = coordinates.place else { return true }
        return areas.isOptional || areas.places?.table != nil
    }

    /// Takes the label points of the layer that the mapping names.
    ///
    /// - Parameter points: The points; nil when there is no such layer.
    /// - Throws: `FeedError` when the layer is missing and may not be.
    package mutating func take(_ points: [AreaPoint]?) throws(FeedError) {
        guard case .area(let column, var areas) = coordinates.place else { return }
        if let points {
            areas.table = PlaceTable(points, byName: areas.isByName)
            areas.isOfLayer = true
        } else if !mayLackAreas {
            throw FeedError(.mapping, file: file, line: areas.line, "coordinates.area: \(areas.missing)")
        }
        coordinates.place = .area(column, areas)
    }
}

extension Mapping.NamedAreas {
    /// Message that says what is missing, and how to get it.
    var missing: String {
        "there is no area layer \(layer), which `hextant areas import FILE --layer \(layer) --id COLUMN --name COLUMN` "
            + "makes"
    }
}
