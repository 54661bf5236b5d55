import Testing
import TileMath

@Suite struct ZOrderTests {
    /// From the definition: the bits of the row above those of the column.
    @Test(arguments: [
        (0, 0, 0), (1, 0, 1), (0, 1, 2), (1, 1, 3), (2, 0, 4), (3, 5, 0b10_0111),
        (0xFFF_FFFF, 0, 0x55_5555_5555_5555), (0xFFF_FFFF, 0xFFF_FFFF, 0xFF_FFFF_FFFF_FFFF),
    ])
    func bitsOfColumnAndRowAlternate(column: Int, row: Int, number: Int) {
        #expect(ZOrder.number(column: column, row: row) == number)
    }

    @Test(arguments: [(0, 0, 0, 0), (5, 9, 11, 3), (11, 572, 747, 8), (16, 18304, 23904, 10), (22, 0, 4_194_303, 15)])
    func rangesAreInOrderApartAndContainTheTile(z: Int, x: Int, y: Int, resolution: Int) throws {
        let tile = try TileAddress(z: z, x: x, y: y)
        let ranges = ZOrder.ranges(on: tile, ofCellsAt: resolution, margin: 64.0 / 4096)
        #expect(ranges.first == ZOrder.farReaching...ZOrder.farReaching)
        #expect(ranges.count <= 17)
        for (one, next) in zip(ranges, ranges.dropFirst()) { #expect(one.upperBound < next.lowerBound) }
        let shift = ZOrder.zoom - z
        for column in [x << shift, (x + 1) << shift - 1] {
            for row in [y << shift, (y + 1) << shift - 1] {
                let corner = ZOrder.number(column: column, row: row)
                #expect(ranges.contains { $0.contains(corner) })
            }
        }
    }

    /// Ranges are of use if they have little beside the tile and the cells that reach into it.
    @Test func rangesOfATileAreNotMuchLargerThanItsSurroundings() throws {
        let ranges = ZOrder.ranges(
            on: try TileAddress(z: 11, x: 572, y: 747), ofCellsAt: 8, margin: 64.0 / 4096)
        let squares = ranges.dropFirst().reduce(0) { $0 + $1.count }
        let tile = 1 << (2 * (ZOrder.zoom - 11))
        #expect(squares < 2 * tile)
    }
}
