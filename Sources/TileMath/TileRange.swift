/// A rectangle of tiles of one zoom, walked row by row from the north.
package struct TileRange: Hashable, Sendable {
    /// Zoom level.
    package let z: Int

    /// The columns, within 0..<2^z.
    package let columns: ClosedRange<Int>

    /// The rows, within 0..<2^z.
    package let rows: ClosedRange<Int>

    /// How many tiles the rectangle has.
    package var count: Int { columns.count * rows.count }

    /// The tiles that a box touches.
    ///
    /// A box that ends exactly on a tile's edge touches the tile beyond it too. So the result contains every tile that
    /// a client may request when it shows the box.
    ///
    /// - Parameters:
    ///   - box: In degrees. Latitudes beyond the square world fall into the first or last row.
    ///   - z: Zoom level, 0...``TileAddress/deepestZoom``.
    /// - Returns: One range, or two (the western one first) for a box across the antimeridian; nil if a number is out
    ///   of its range or south is north of north.
    package static func covering(_ box: LonLatBox, z: Int) -> [TileRange]? {
        guard box.south <= box.north,
            let northWest = TileAddress(longitude: box.west, latitude: box.north, z: z),
            let southEast = TileAddress(longitude: box.east, latitude: box.south, z: z)
        else { return nil }
        let rows = northWest.y...southEast.y
        if box.west <= box.east {
            return [TileRange(z: z, columns: northWest.x...southEast.x, rows: rows)]
        }
        guard northWest.x > southEast.x else {
            // Both ends are in one tile, so the two parts together go all the way round.
            return [TileRange(z: z, columns: 0...(1 << z) - 1, rows: rows)]
        }
        return [
            TileRange(z: z, columns: northWest.x...(1 << z) - 1, rows: rows),
            TileRange(z: z, columns: 0...southEast.x, rows: rows),
        ]
    }

    init(z: Int, columns: ClosedRange<Int>, rows: ClosedRange<Int>) {
        self.z = z
        self.columns = columns
        self.rows = rows
    }
}

extension TileRange: Sequence {
    package func makeIterator() -> some IteratorProtocol<TileAddress> {
        rows.lazy.flatMap { row in columns.lazy.map { TileAddress(uncheckedZ: z, x: $0, y: row) } }.makeIterator()
    }
}
