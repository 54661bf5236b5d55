import Domain
import Foundation

/// The centre and zoom at which a map shows a box completely.
struct MapView {
    /// The box; west is never above east, because TileJSON forbids a box across the antimeridian, and its clients would
    /// ask for no tiles of one.
    let bounds: BoundingBox
    let longitude: Double
    let latitude: Double
    let zoom: Int

    /// Without a box: the world as far as Web Mercator reaches.
    init(of box: BoundingBox?) {
        let latitudeLimit = 85.051129
        let south = max(box?.south ?? -latitudeLimit, -latitudeLimit)
        let north = min(box?.north ?? latitudeLimit, latitudeLimit)
        var west = box?.west ?? -180
        var east = box?.east ?? 180
        // The middle of a box across the antimeridian is computed with an east beyond 180.
        let unwrapped = west > east ? east + 360 : east
        let middle = (west + unwrapped) / 2
        longitude = middle > 180 ? middle - 360 : middle
        latitude = (south + north) / 2
        // A map of 512 pixels at zoom 0 shows 360 degrees. Latitudes are stretched by the secant.
        let stretched = (north - south) / cos(latitude * .pi / 180)
        let span = max(unwrapped - west, stretched, 360 / 4096)
        zoom = min(12, max(0, Int(log2(360 / span))))
        if west > east { (west, east) = (-180, 180) }
        bounds =
            BoundingBox(west: west, south: min(south, north), east: east, north: max(south, north))
            ?? BoundingBox(west: -180, south: -latitudeLimit, east: 180, north: latitudeLimit)!
    }
}
