import Domain

extension Mapping {
    static let placeKeys = [
        "longitude", "latitude", "x", "y", "crs", "column", "axes", "place", "places", "bounds", "allow_null_island",
        "optional", "area",
    ]

    static func coordinates(_ top: MappingNode) throws(FeedError) -> CoordinateRule {
        let node = try top.requiredNode("coordinates", keys: placeKeys)
        let bounds = try bounds(node)
        let allowsNullIsland =
            try node.flag("allow_null_island") || bounds?.contains(longitude: 0, latitude: 0) == true
        if let area = try node.node("area", keys: ["layer", "column", "by"]) {
            return CoordinateRule(
                place: try placeOfArea(area, node), projection: nil, allowsNullIsland: allowsNullIsland, bounds: bounds)
        }
        if node.has("place") || node.has("places") {
            for key in ["longitude", "latitude", "x", "y", "crs", "column", "axes"] where node.has(key) {
                throw node.error(key, "cannot be combined with place:")
            }
            let places = NamedPlaces(
                file: try node.requiredText("places"), line: node.line(of: "places"),
                isOptional: try node.flag("optional"))
            return CoordinateRule(
                place: .name(try node.requiredColumn("place"), places), projection: nil,
                allowsNullIsland: allowsNullIsland, bounds: bounds)
        }
        var projection: Projection?
        if let crs = try node.text("crs") {
            do {
                projection = try Projection(crs)
            } catch {
                throw node.error("crs", error.problem)
            }
        }
        let place =
            node.has("column") || node.has("axes")
            ? try placeInOneColumn(node, isProjected: projection != nil)
            : try placeInTwoColumns(node, isProjected: projection != nil)
        return CoordinateRule(
            place: place, projection: projection, allowsNullIsland: allowsNullIsland, bounds: bounds)
    }

    private static func placeOfArea(_ area: MappingNode, _ node: MappingNode) throws(FeedError) -> CoordinateRule.Place
    {
        for key in ["longitude", "latitude", "x", "y", "crs", "column", "axes", "place"] where node.has(key) {
            throw node.error(key, "cannot be combined with area:")
        }
        let name = try area.requiredText("layer")
        guard let layer = Slug(name) else {
            throw area.error("layer", "must be \(Slug.form)")
        }
        let by = try area.text("by") ?? "id"
        guard ["id", "name"].contains(by) else { throw area.error("by", "must be id or name") }
        var areas = NamedAreas(
            layer: layer, line: area.line(of: "layer"), isByName: by == "name", isOptional: try node.flag("optional"))
        if let file = try node.text("places") {
            areas.places = NamedPlaces(file: file, line: node.line(of: "places"), isOptional: true)
        }
        return .area(try area.requiredColumn("column"), areas)
    }

    private static func placeInTwoColumns(
        _ node: MappingNode, isProjected: Bool
    ) throws(FeedError) -> CoordinateRule.Place {
        let (east, north) = isProjected ? ("x", "y") : ("longitude", "latitude")
        for key in isProjected ? ["longitude", "latitude"] : ["x", "y"] where node.has(key) {
            throw node.error(
                key,
                isProjected
                    ? "cannot be combined with crs:, which needs x: and y:" : "needs crs: to name its reference system")
        }
        let isOptional = try node.flag("optional")
        var longitude = try node.requiredColumn(east)
        var latitude = try node.requiredColumn(north)
        longitude.isOptional = isOptional
        latitude.isOptional = isOptional
        return .point(longitude: longitude, latitude: latitude)
    }

    private static func placeInOneColumn(
        _ node: MappingNode, isProjected: Bool
    ) throws(FeedError) -> CoordinateRule.Place {
        for key in ["longitude", "latitude", "x", "y"] where node.has(key) {
            throw node.error(key, "cannot be combined with column:, the column with both coordinates")
        }
        var column = try node.requiredColumn("column")
        column.isOptional = try node.flag("optional")
        let (east, north) = isProjected ? ("x", "y") : ("longitude", "latitude")
        switch try node.texts("axes") {
        case [east, north]?: return .text(column, .longitudeLatitude)
        case [north, east]?: return .text(column, .latitudeLongitude)
        default:
            throw node.error(
                "axes", "must be [\(north), \(east)] or [\(east), \(north)], the order of the two in the column")
        }
    }

    private static func bounds(_ node: MappingNode) throws(FeedError) -> BoundingBox? {
        guard let texts = try node.texts("bounds") else { return nil }
        let edges = texts.compactMap(Double.init)
        guard texts.count == 4, edges.count == 4,
            let box = BoundingBox(west: edges[0], south: edges[1], east: edges[2], north: edges[3])
        else { throw node.error("bounds", "must be [west, south, east, north] in degrees") }
        return box
    }
}
