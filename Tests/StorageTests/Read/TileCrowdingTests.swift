import Domain
import H3
import TestDomain
import Testing
import TileMath
import Tiles

@testable import Storage

@Suite struct TileCrowdingTests {
    /// Counts the cells that touch tiles; those near the pentagons are the smallest.
    @Test(arguments: [(4, 3), (6, 5), (9, 7), (11, 8), (14, 10)])
    func aTileThatIsNotTakenForCrowdedHasRoomForNoMoreCells(_ z: Int, _ resolution: Int) throws {
        let size = try Resolution(resolution)
        let places =
            [(0.0, 0.0), (0, 90), (45, 30), (-60, 120), (75, -40)].map { ($0.0, $0.1) }
            + H3Cell.pentagons(at: size).prefix(6).map { ($0.center.latitude, $0.center.longitude) }
        for (latitude, longitude) in places {
            let address = try #require(TileAddress(longitude: longitude, latitude: latitude, z: z))
            let bounds = address.bounds
            var cells: Set<H3Cell> = []
            // The samples are closer together than the cells are wide.
            let steps = 160
            for row in 0...steps {
                for column in 0...steps {
                    let north = bounds.south + (bounds.north - bounds.south) * Double(row) / Double(steps)
                    let east = bounds.west + (bounds.east - bounds.west) * Double(column) / Double(steps)
                    cells.insert(try H3Cell(latitude: north, longitude: east, resolution: size))
                }
            }
            var key = TileKey(dataset: "a", day: LocalDay("2021-06-01")!, resolution: resolution, address: address)
            key.cellLimit = cells.count - 1
            #expect(key.mayBeCrowded, "\(address)")
            key.cellLimit = cells.count * 4 + 200
            #expect(!key.mayBeCrowded, "\(address)")
        }
    }
}
