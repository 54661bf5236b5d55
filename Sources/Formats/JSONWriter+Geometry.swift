import Domain
package import H3
package import JSON

extension JSONWriter {
    /// Writes the outline of a cell: a Polygon, or a MultiPolygon where the cell crosses the antimeridian.
    package mutating func outline(_ cell: H3Cell) {
        let polygons = CellOutline(cell).polygons
        if let only = polygons.first, polygons.count == 1 {
            field("type", "Polygon")
            name("coordinates")
            rings(only)
        } else {
            field("type", "MultiPolygon")
            array("coordinates", of: polygons) { json, polygon in json.rings(polygon) }
        }
    }

    /// Writes the fields of a Point.
    package mutating func point(longitude: Double, latitude: Double) {
        field("type", "Point")
        name("coordinates")
        position(longitude, latitude)
    }

    private mutating func rings(_ ring: [CellOutline.Point]) {
        array(of: [ring]) { json, ring in
            json.array(of: ring) { json, point in json.position(point.longitude, point.latitude) }
        }
    }

    private mutating func position(_ longitude: Double, _ latitude: Double) {
        array(of: [longitude, latitude]) { json, degrees in json.value(degrees) }
    }
}
