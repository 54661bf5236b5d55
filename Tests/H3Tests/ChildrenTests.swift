import H3
import Testing

struct ChildrenTests {
    @Test func childrenAndPositionsAreThoseOfTheReference() throws {
        for line in try golden("families.txt") {
            let cell = try H3Cell(line[0])
            let (resolution, position) = (try Resolution(#require(Int(line[1]))), try #require(Int(line[2])))
            let child = try cell.child(at: resolution, position: position)
            #expect(child.description == line[3])
            #expect(try child.childPosition(at: cell.resolution) == position)
            #expect(
                try cell.children(at: Resolution(cell.resolution.number + 2)).map(\.description) == Array(line[4...]))
        }
    }

    @Test func childrenFillTheCallersBufferInOrder() throws {
        let pentagon = H3Cell.pentagons(at: 3)[4]
        var cells = [H3Cell](repeating: pentagon, count: 50)
        var span = cells.mutableSpan
        let count = try pentagon.children(at: 5, into: &span)
        #expect(count == 41)
        #expect(Array(cells[..<41]) == (try pentagon.children(at: 5)))
        #expect(cells[41...].allSatisfy { $0 == pentagon })
    }

    @Test func aBufferThatIsTooShortIsRefused() throws {
        let cell = try H3Cell("85283473fffffff")
        var cells = [H3Cell](repeating: cell, count: 6)
        var span = cells.mutableSpan
        #expect(throws: H3Error.memoryBounds) { try cell.children(at: 6, into: &span) }
    }

    @Test func moreThanAnArrayHoldsIsRefused() throws {
        let cell = H3Cell.resolution0Cells[0]
        #expect(throws: H3Error.memoryAllocation) { try cell.children(at: 15) }
        #expect(throws: H3Error.memoryAllocation) { try H3Cell.uncompact(H3Cell.resolution0Cells, at: 15) }
    }

    @Test(arguments: Resolution.allCases)
    func theParentOfEveryChildIsTheCell(resolution: Resolution) throws {
        for cell in try RandomCells(at: resolution, count: 20) {
            for finer in Resolution.allCases[resolution.number...].prefix(4) {
                let children = try cell.children(at: finer)
                #expect(try children.count == cell.childCount(at: finer))
                #expect(Set(children).count == children.count)
                #expect(try children.allSatisfy { try H3Cell.isValid($0.bits) && $0.parent(at: resolution) == cell })
                #expect(children.contains(try cell.centerChild(at: finer)))
            }
        }
    }

    @Test func refusesCoarserResolutionsAndTheDigitOfABaseCell() throws {
        let cell = try H3Cell("85283473fffffff")
        #expect(throws: H3Error.resolutionDomain) { try cell.children(at: 4) }
        #expect(throws: H3Error.resolutionDomain) { try cell.centerChild(at: 4) }
        #expect(throws: H3Error.resolutionDomain) { try cell.childCount(at: 4) }
        #expect(throws: H3Error.resolutionMismatch) { try cell.child(at: 4, position: 0) }
        #expect(throws: H3Error.resolutionDomain) { try cell.digit(at: 0) }
    }

    @Test func refusesPositionsThatDoNotExist() throws {
        let cell = try H3Cell("85283473fffffff")
        for position in [-1, 49, Int.min, Int.max] {
            #expect(throws: H3Error.domain) { try cell.child(at: 7, position: position) }
        }
    }
}
