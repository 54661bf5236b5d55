extension TileAddress {
    /// The tile's box in metres (EPSG:3857), equal to the last bit to PostGIS `ST_TileEnvelope(z, x, y)`.
    ///
    /// The operations and their order are those of `ST_TileEnvelope`: a corner is the edge of the world plus or minus
    /// whole tiles.
    package var mercatorBounds: MercatorBox {
        let side = self.side
        return MercatorBox(
            minX: -WebMercator.extent + side * Double(x),
            minY: WebMercator.extent - side * Double(y + 1),
            maxX: -WebMercator.extent + side * Double(x + 1),
            maxY: WebMercator.extent - side * Double(y))
    }

    /// The tile's box in degrees (EPSG:4326).
    package var bounds: LonLatBox {
        let box = mercatorBounds
        let (west, south) = WebMercator.unproject(x: box.minX, y: box.minY)
        let (east, north) = WebMercator.unproject(x: box.maxX, y: box.maxY)
        return LonLatBox(west: west, south: south, east: east, north: north)
    }
}
