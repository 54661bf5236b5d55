/// The address of one Web Mercator tile: zoom, column from the west, row from the north (the XYZ scheme).
///
/// A value is always within its zoom: 0 <= x, y < 2^z.
package struct TileAddress: Hashable, Sendable {
    /// The deepest zoom of any address, whatever limit the caller sets.
    package static let deepestZoom = 30

    /// The deepest zoom that is accepted by default.
    package static let usualMaximumZoom = 22

    /// Zoom level, 0...``deepestZoom``.
    package let z: Int

    /// Column, 0 at the antimeridian, growing eastwards.
    package let x: Int

    /// Row, 0 in the north, growing southwards.
    package let y: Int

    /// Creates an address from its numbers.
    ///
    /// - Parameters:
    ///   - z: Zoom level, 0...`maximumZoom`.
    ///   - x: Column, less than 2^z.
    ///   - y: Row, less than 2^z.
    ///   - maximumZoom: The deepest zoom accepted, 0...``deepestZoom``.
    /// - Throws: ``TileAddressError`` naming the first field that is out of range.
    package init(z: Int, x: Int, y: Int, maximumZoom: Int = usualMaximumZoom) throws(TileAddressError) {
        precondition((0...Self.deepestZoom).contains(maximumZoom), "maximumZoom is 0...\(Self.deepestZoom)")
        guard (0...maximumZoom).contains(z) else {
            throw TileAddressError(field: .z, reason: "must be from 0 to \(maximumZoom), not \(z)")
        }
        let last = (1 << z) - 1
        for (field, value) in [(TileAddressError.Field.x, x), (.y, y)] where !(0...last).contains(value) {
            throw TileAddressError(field: field, reason: "must be from 0 to \(last) at zoom \(z), not \(value)")
        }
        self.init(uncheckedZ: z, x: x, y: y)
    }

    /// Creates an address from numbers that are known to be in range.
    init(uncheckedZ z: Int, x: Int, y: Int) {
        self.z = z
        self.x = x
        self.y = y
    }

    /// The side of one tile at this zoom, in metres of the projected plane.
    package var side: Double { 2 * WebMercator.extent / Double(1 << z) }
}

extension TileAddress: Comparable {
    /// Orders addresses by zoom, then row by row from the north, each from the west.
    package static func < (a: Self, b: Self) -> Bool {
        (a.z, a.y, a.x) < (b.z, b.y, b.x)
    }
}

extension TileAddress: CustomStringConvertible {
    /// The text `z/x/y`, as in a URL of a tile.
    package var description: String { "\(z)/\(x)/\(y)" }
}
