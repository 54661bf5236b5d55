import H3
import Testing

struct CellHierarchyTests {
    @Test func parentsAreThoseOfTheReference() throws {
        for line in try golden("parents.txt") {
            let cell = try H3Cell(line[0])
            #expect(cell.resolution.number == line.count - 2)
            #expect(cell.isResolutionClassIII == (line.count % 2 == 1))
            for resolution in Resolution.allCases.prefix(while: { $0 <= cell.resolution }) {
                let parent = try cell.parent(at: resolution)
                #expect(parent.description == line[1 + resolution.number], "\(cell)")
                #expect(parent.resolution == resolution)
            }
        }
    }

    @Test func refusesParentsThatDoNotExist() throws {
        let cell = try H3Cell("85283473fffffff")
        #expect(throws: H3Error.resolutionMismatch) { try cell.parent(at: 6) }
    }

    @Test func aParentsParentIsTheGrandparent() throws {
        for point in RandomPoints(seed: 3, count: 200) {
            let cell = try H3Cell(latitude: point.latitude, longitude: point.longitude, resolution: 15)
            for middle in Resolution.allCases {
                let parent = try cell.parent(at: middle)
                let coarse = try Resolution(middle.number / 2)
                #expect(H3Cell.isValid(parent.bits))
                #expect(try parent.parent(at: coarse) == cell.parent(at: coarse))
            }
        }
    }
}
