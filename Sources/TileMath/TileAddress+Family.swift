extension TileAddress {
    /// The tile of the zoom above that holds this one; nil at zoom 0.
    package var parent: TileAddress? {
        z == 0 ? nil : TileAddress(uncheckedZ: z - 1, x: x >> 1, y: y >> 1)
    }

    /// The four tiles of the next zoom that fill this one: north-west, north-east, south-west, south-east.
    ///
    /// Empty at ``deepestZoom``.
    package var children: [TileAddress] {
        guard z < Self.deepestZoom else { return [] }
        return [(0, 0), (1, 0), (0, 1), (1, 1)].map { column, row in
            TileAddress(uncheckedZ: z + 1, x: 2 * x + column, y: 2 * y + row)
        }
    }
}
