package import Domain
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

    /// Writes the boundary of an area: a Polygon, or a MultiPolygon where it has several parts.
    package mutating func outline(_ outline: AreaOutline) {
        let polygons = outline.polygons
        if let only = polygons.first, polygons.count == 1 {
            field("type", "Polygon")
            array("coordinates", of: only) { json, ring in json.ring(ring) }
        } else {
            field("type", "MultiPolygon")
            array("coordinates", of: polygons) { json, rings in
                json.array(of: rings) { json, ring in json.ring(ring) }
            }
        }
    }

    /// Writes a ring of longitudes and latitudes in turn, to nine digits after the point: a tenth of a millimetre.
    private mutating func ring(_ ring: [Double]) {
        array(of: stride(from: 0, to: ring.count - 1, by: 2)) { json, index in
            json.position((ring[index] * 1e9).rounded() / 1e9, (ring[index + 1] * 1e9).rounded() / 1e9)
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
