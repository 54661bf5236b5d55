import Testing
import TileMath

@Suite struct TileRangeTests {
    /// Boxes, with columns and rows from PyPI `mercantile.tiles`.
    @Test(arguments: [
        (LonLatBox(west: -79.64, south: 43.58, east: -79.11, north: 43.86), 12, [1141...1147], 1491...1496),
        (LonLatBox(west: -10, south: -10, east: 10, north: 10), 3, [3...4], 3...4),
        (LonLatBox(west: -180, south: -85, east: 180, north: 85), 2, [0...3], 0...3),
        (LonLatBox(west: 170, south: -50, east: -170, north: -30), 5, [31...31, 0...0], 18...21),
    ])
    func coverIsThatOfMercantile(box: LonLatBox, z: Int, columns: [ClosedRange<Int>], rows: ClosedRange<Int>) throws {
        let ranges = try #require(TileRange.covering(box, z: z))
        #expect(ranges.map(\.columns) == columns)
        #expect(ranges.allSatisfy { $0.rows == rows && $0.z == z })
    }

    @Test func everyTileOfTheRangeIsWalkedOnceRowByRow() throws {
        let range = try #require(
            TileRange.covering(LonLatBox(west: -79.64, south: 43.58, east: -79.11, north: 43.86), z: 12)?.first)
        let tiles = Array(range)
        #expect(tiles.count == 42)
        #expect(range.count == 42)
        #expect(Set(tiles).count == 42)
        #expect(tiles == tiles.sorted())
        #expect(tiles.first?.description == "12/1141/1491")
        #expect(tiles.last?.description == "12/1147/1496")
    }

    @Test func pointHasOneTile() throws {
        let ranges = try #require(TileRange.covering(LonLatBox(west: 5, south: 5, east: 5, north: 5), z: 14))
        #expect(ranges.map(\.count) == [1])
    }

    @Test func boxAlmostRoundTheWorldIsCoveredWithoutDoubles() throws {
        let ranges = try #require(TileRange.covering(LonLatBox(west: 10, south: 0, east: 9, north: 1), z: 2))
        #expect(ranges.map(\.columns) == [0...3])
    }

    @Test(arguments: [
        LonLatBox(west: 0, south: 10, east: 1, north: 9), LonLatBox(west: -181, south: 0, east: 1, north: 1),
        LonLatBox(west: 0, south: 0, east: 1, north: 91), LonLatBox(west: .nan, south: 0, east: 1, north: 1),
    ])
    func impossibleBoxHasNoRange(box: LonLatBox) {
        #expect(TileRange.covering(box, z: 3) == nil)
    }
}
