import H3
import Testing

struct CellHierarchyTests {
    @Test func parentsAreThoseOfTheReference() throws {
        for line in try golden("parents.txt") {
            let cell = try H3Cell(line[0])
            #expect(cell.resolution == line.count - 2)
            #expect(cell.isResolutionClassIII == (line.count % 2 == 1))
            for resolution in 0...cell.resolution {
                let parent = try cell.parent(at: resolution)
                #expect(parent.description == line[1 + resolution], "\(cell)")
                #expect(parent.resolution == resolution)
            }
        }
    }

    @Test func refusesParentsThatDoNotExist() throws {
        let cell = try H3Cell("85283473fffffff")
        #expect(throws: H3Error.resolutionMismatch) { try cell.parent(at: 6) }
        for resolution in [-1, 16, Int.max, Int.min] {
            #expect(throws: H3Error.resolutionDomain) { try cell.parent(at: resolution) }
        }
    }

    @Test func aParentsParentIsTheGrandparent() throws {
        for point in RandomPoints(seed: 3, count: 200) {
            let cell = try H3Cell(latitude: point.latitude, longitude: point.longitude, resolution: 15)
            for middle in 0...15 {
                let parent = try cell.parent(at: middle)
                #expect(H3Cell.isValid(parent.bits))
                #expect(try parent.parent(at: middle / 2) == cell.parent(at: middle / 2))
            }
        }
    }
}
