import Testing
import TileMath

@Suite struct TileBoundsTests {
    struct Expected: Sendable {
        var z: Int, x: Int, y: Int
        var degrees: [Double]
        var metres: [Double]
    }

    /// Values of PyPI `mercantile` 1.2: `bounds` (west, south, east, north) and `xy_bounds`.
    static let expected = [
        Expected(
            z: 0, x: 0, y: 0, degrees: [-180, -85.0511287798066, 180, 85.0511287798066],
            metres: [-20037508.342789244, -20037508.342789244, 20037508.342789244, 20037508.342789244]),
        Expected(
            z: 1, x: 1, y: 0, degrees: [0, 0, 180, 85.0511287798066],
            metres: [0, 0, 20037508.342789244, 20037508.342789244]),
        Expected(
            z: 10, x: 486, y: 332, degrees: [-9.140625, 53.120405283106564, -8.7890625, 53.33087298301705],
            metres: [-1017529.7205322646, 7005300.768279833, -978393.9620502543, 7044436.526761843]),
        Expected(
            z: 10, x: 286, y: 373, degrees: [-79.453125, 43.580390855607845, -79.1015625, 43.83452678223683],
            metres: [-8844681.416934315, 5400734.670517414, -8805545.658452304, 5439870.428999424]),
        Expected(
            z: 14, x: 9372, y: 12534, degrees: [25.927734375, -68.58446515587407, 25.94970703125, -68.57644086491784],
            metres: [2886262.1880482547, -10622912.442960655, 2888708.1729533803, -10620466.45805553]),
        Expected(
            z: 22, x: 4_194_303, y: 0, degrees: [179.99991416931152, 85.05112137546753, 180, 85.0511287798066],
            metres: [20037498.788160708, 20037498.788160708, 20037508.342789244, 20037508.342789244]),
        Expected(
            z: 17, x: 42000, y: 70001,
            degrees: [-64.6435546875, -12.173595371928203, -64.64080810546875, -12.170910538226316],
            metres: [-7196087.590879634, -1365471.0732863883, -7195781.842766494, -1365165.3251732476]),
    ]

    @Test(arguments: expected)
    func boundsAreThoseOfMercantile(_ row: Expected) throws {
        let tile = try TileAddress(z: row.z, x: row.x, y: row.y)
        let degrees = tile.bounds
        let metres = tile.mercatorBounds
        for (ours, theirs) in zip([degrees.west, degrees.south, degrees.east, degrees.north], row.degrees) {
            #expect(abs(ours - theirs) < 1e-12)
        }
        for (ours, theirs) in zip([metres.minX, metres.minY, metres.maxX, metres.maxY], row.metres) {
            #expect(abs(ours - theirs) < 1e-7)
        }
        #expect(abs(tile.side - (row.metres[2] - row.metres[0])) < 1e-7)
    }

    @Test(arguments: 0...22)
    func neighboursShareTheirEdgesToTheLastBit(zoom: Int) throws {
        let last = (1 << zoom) - 1
        for x in Set([0, last / 3, last / 2, last - 1]) where x >= 0 && x < last {
            let tile = try TileAddress(z: zoom, x: x, y: x)
            let east = try TileAddress(z: zoom, x: x + 1, y: x)
            let south = try TileAddress(z: zoom, x: x, y: x + 1)
            #expect(tile.mercatorBounds.maxX == east.mercatorBounds.minX)
            #expect(tile.mercatorBounds.minY == south.mercatorBounds.maxY)
        }
        let corner = try TileAddress(z: zoom, x: last, y: last).mercatorBounds
        #expect(corner.maxX == WebMercator.extent)
        #expect(corner.minY == -WebMercator.extent)
    }
}
