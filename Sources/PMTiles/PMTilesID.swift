/// The ids of tiles in PMTiles files: zoom by zoom, within a zoom along a Hilbert curve, so that neighbours are near.
///
/// Specification: PMTiles version 3, section 4.1. The curve is that of Hamilton and Rau-Chaplin's compact Hilbert
/// indices in two dimensions.
package enum PMTilesID {
    /// The id of a tile.
    /// - Parameters:
    ///   - z: Zoom, 0...30.
    ///   - x: Column from the west, less than 2^z.
    ///   - y: Row from the north, less than 2^z.
    package static func of(z: Int, x: Int, y: Int) -> UInt64 {
        // As many ids as there are tiles at all zooms above: (4^z - 1) / 3.
        var id = ((UInt64(1) << (2 * UInt64(z))) - 1) / 3
        var (x, y) = (x, y)
        for level in stride(from: z - 1, through: 0, by: -1) {
            let side = 1 << level
            let (right, lower) = (x & side, y & side)
            id += UInt64((3 * right) ^ lower) << UInt64(level)
            if lower == 0 {
                if right != 0 { (x, y) = (side - 1 - x, side - 1 - y) }
                swap(&x, &y)
            }
        }
        return id
    }
}
