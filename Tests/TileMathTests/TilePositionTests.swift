import Testing
import TileMath

@Suite struct TilePositionTests {
    /// Random points, with tiles from PyPI `mercantile.tile`.
    @Test(arguments: [
        (-63.420205, -59.35564, 20, 339_563, 740_352), (-162.616887, 54.61663, 3, 0, 2),
        (-48.35199, -75.140183, 16, 23965, 54015), (-102.708655, -70.38897, 13, 1758, 6384),
        (-154.852048, -69.578788, 13, 572, 6330), (-158.720218, 11.127128, 7, 7, 60), (47.02533, 14.109474, 1, 1, 0),
        (27.757062, -17.564319, 7, 73, 70),
    ])
    func tileOfAPositionIsThatOfMercantile(longitude: Double, latitude: Double, z: Int, x: Int, y: Int) throws {
        let expected = try TileAddress(z: z, x: x, y: y)
        #expect(TileAddress(longitude: longitude, latitude: latitude, z: z) == expected)
    }

    @Test(arguments: [
        (-180.0, 85.0511287798066, 0, 0), (-180, 90, 0, 0), (180, 90, 31, 0), (180, -90, 31, 31),
        (-180, -85.0511287798066, 0, 31), (0, 0, 16, 16), (-1e-9, 1e-9, 15, 15),
    ])
    func edgesOfTheWorldHaveATile(longitude: Double, latitude: Double, x: Int, y: Int) throws {
        let expected = try TileAddress(z: 5, x: x, y: y)
        #expect(TileAddress(longitude: longitude, latitude: latitude, z: 5) == expected)
    }

    @Test(arguments: [
        (181.0, 0.0, 5), (-180.1, 0, 5), (0, 90.1, 5), (0, -91, 5), (.nan, 0, 5), (0, .nan, 5), (.infinity, 0, 5),
        (0, 0, -1), (0, 0, 31),
    ])
    func positionOutsideTheWorldHasNone(longitude: Double, latitude: Double, z: Int) {
        #expect(TileAddress(longitude: longitude, latitude: latitude, z: z) == nil)
    }

    @Test(arguments: 0...22)
    func middleOfATileLiesInIt(zoom: Int) throws {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<200 {
            let tile = try TileAddress(
                z: zoom, x: .random(in: 0..<1 << zoom, using: &generator),
                y: .random(in: 0..<1 << zoom, using: &generator))
            let box = tile.mercatorBounds
            let middle = WebMercator.unproject(x: (box.minX + box.maxX) / 2, y: (box.minY + box.maxY) / 2)
            #expect(TileAddress(longitude: middle.longitude, latitude: middle.latitude, z: zoom) == tile)
        }
    }
}
