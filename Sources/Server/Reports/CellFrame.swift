import Domain
import Foundation
import H3

/// Boxes for maps.
enum CellFrame {
    /// Kilometres of a degree of latitude.
    private static let degree = 111.2

    /// The box around a cell and its neighbours. It crosses the antimeridian where they do.
    /// - Parameter rings: How many cells there are on each side of the one in the middle, about.
    static func around(_ cell: H3Cell, rings: Double = 6) -> BoundingBox {
        let centre = cell.center
        let width = 2 * rings * H3Cell.averageHexagonEdgeLengthKm(at: cell.resolution) / degree
        let south = max(-90, centre.latitude - width)
        let north = min(90, centre.latitude + width)
        let whole = BoundingBox(west: -180, south: south, east: 180, north: north)
        // Near a pole every meridian is near.
        let reach = width * 1.3 / max(0.01, cos(centre.latitude * .pi / 180))
        guard reach < 90, abs(centre.latitude) < 85 else { return whole ?? world }
        func wrapped(_ longitude: Double) -> Double {
            longitude > 180 ? longitude - 360 : longitude < -180 ? longitude + 360 : longitude
        }
        return BoundingBox(
            west: wrapped(centre.longitude - reach), south: south, east: wrapped(centre.longitude + reach),
            north: north) ?? whole ?? world
    }

    /// The surface of a box, about.
    static func squareKilometres(of box: BoundingBox) -> Double {
        let width = box.east - box.west + (box.west > box.east ? 360 : 0)
        let middle = (box.south + box.north) / 2 * .pi / 180
        return width * degree * cos(middle) * (box.north - box.south) * degree
    }

    private static let world = BoundingBox("-180,-90,180,90")!
}

/// Whether points are inside an area, by the number of edges to the west of them. For points on a map alone: where
/// counts depend on it, `Areas` has an exact test.
struct OutlineTest {
    private let rings: [[Double]]

    init(_ outline: AreaOutline) {
        rings = outline.polygons.flatMap { $0 }
    }

    func contains(longitude: Double, latitude: Double) -> Bool {
        var isInside = false
        for ring in rings {
            for index in stride(from: 0, to: ring.count - 3, by: 2) {
                let (x1, y1, x2, y2) = (ring[index], ring[index + 1], ring[index + 2], ring[index + 3])
                guard (y1 > latitude) != (y2 > latitude) else { continue }
                if longitude < x1 + (latitude - y1) / (y2 - y1) * (x2 - x1) { isInside.toggle() }
            }
        }
        return isInside
    }
}

extension AreaOutline {
    /// The area as a polygon of a query.
    var drawnPolygon: DrawnPolygon {
        DrawnPolygon(
            polygons: polygons.map { rings in
                rings.map { ring in
                    stride(from: 0, to: ring.count - 1, by: 2).map {
                        DrawnPolygon.Position(longitude: ring[$0], latitude: ring[$0 + 1])
                    }
                }
            })
    }
}

extension CellOutline {
    /// The cell as a polygon of a query.
    var drawnPolygon: DrawnPolygon {
        DrawnPolygon(
            polygons: polygons.map { ring in
                [ring.map { DrawnPolygon.Position(longitude: $0.longitude, latitude: $0.latitude) }]
            })
    }
}
