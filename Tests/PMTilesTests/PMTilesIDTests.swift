import Testing

@testable import PMTiles

@Suite struct PMTilesIDTests {
    /// The examples of the specification, section 4.1.
    @Test(arguments: [
        (0, 0, 0, 0), (1, 0, 0, 1), (1, 0, 1, 2), (1, 1, 1, 3), (1, 1, 0, 4), (2, 0, 0, 5),
        (12, 3423, 1763, 19_078_479),
    ])
    func theExamplesOfTheSpecificationHaveTheirIDs(z: Int, x: Int, y: Int, id: UInt64) {
        #expect(PMTilesID.of(z: z, x: x, y: y) == id)
    }

    @Test(arguments: 1...7) func aZoomIsAPathThroughAllOfItsTiles(z: Int) {
        let side = 1 << z
        var places: [UInt64: (x: Int, y: Int)] = [:]
        for x in 0..<side {
            for y in 0..<side { places[PMTilesID.of(z: z, x: x, y: y)] = (x, y) }
        }
        // As many tiles are at the zooms above: 1 + 4 + 16 and so on.
        let first = UInt64((0..<z).reduce(0) { $0 + (1 << (2 * $1)) })
        #expect(places.count == side * side)
        for id in first..<first + UInt64(side * side) {
            guard let place = places[id] else {
                Issue.record("no tile has the id \(id)")
                return
            }
            guard let next = places[id + 1] else { continue }
            #expect(abs(next.x - place.x) + abs(next.y - place.y) == 1)
        }
    }

    @Test func aTileHasTheIDsOfItsQuarterAtEveryZoomBelow() {
        for z in 1...29 {
            let (x, y) = (((1 << z) - 1) / 3, (1 << z) / 5)
            let above = PMTilesID.of(z: z, x: x, y: y) - PMTilesID.of(z: z, x: 0, y: 0)
            let first = PMTilesID.of(z: z + 1, x: 0, y: 0)
            for (right, lower) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
                let below = PMTilesID.of(z: z + 1, x: 2 * x + right, y: 2 * y + lower) - first
                #expect(below / 4 == above)
            }
        }
    }

    @Test func theDeepestTileHasRoom() {
        let last = (1 << 30) - 1
        // (4^31 - 1) / 3 - 1 at most, the number of all tiles of zooms 0 to 30.
        #expect(PMTilesID.of(z: 30, x: last, y: last) < ((UInt64(1) << 62) - 1) / 3)
    }
}
