import H3
import Testing

struct CompactTests {
    @Test(arguments: [1, 4, 7, 10] as [Resolution])
    func uncompactUndoesCompact(resolution: Resolution) throws {
        for cell in try RandomCells(at: resolution, count: 10) {
            let cells = Set(try cell.gridDisk(9)).sorted()
            let compact = try H3Cell.compact(cells.shuffled())
            #expect(compact.count < cells.count)
            #expect(try H3Cell.uncompact(compact, at: resolution).sorted() == cells)
            #expect(try H3Cell.uncompactedCount(of: compact, at: resolution) == cells.count)
            // The result cannot be compacted further.
            #expect(try H3Cell.compact(compact).sorted() == compact.sorted())
        }
    }

    @Test func allDescendantsOfACellAreTheCell() throws {
        for cell in try RandomCells(at: 3, count: 5) {
            #expect(try H3Cell.compact(try cell.children(at: 6).reversed()) == [cell])
        }
        #expect(try H3Cell.compact(try H3Cell.uncompact(H3Cell.resolution0Cells, at: 2)) == H3Cell.resolution0Cells)
    }

    @Test func thousandsOfCellsInAnyOrderAreTheSame() throws {
        let cells = try RandomCells(at: 3, count: 20, seed: 700).reduce(into: Set<H3Cell>()) { $0.insert($1) }
        let coarse = cells.sorted()
        let children = try H3Cell.uncompact(coarse, at: 6)
        let single = try RandomCells(at: 8, count: 400, seed: 900).filter { !cells.contains(try $0.parent(at: 3)) }
        let expected = Set(single).sorted() + (try H3Cell.compact(coarse))
        #expect(try H3Cell.compact(children + Set(single)) == expected)
        #expect(try H3Cell.compact((children + Set(single)).shuffled()) == expected)
        #expect(throws: H3Error.duplicateInput) { try H3Cell.compact((children + [children[5]]).shuffled()) }
    }

    @Test func aCellThatIsThereTwiceIsRefused() throws {
        let cell = try H3Cell("85283473fffffff")
        #expect(throws: H3Error.duplicateInput) { try H3Cell.compact([cell, cell]) }
        #expect(throws: H3Error.duplicateInput) { try H3Cell.compact(try cell.children(at: 6) + [cell]) }
    }

    @Test func severalResolutionsAreTaken() throws {
        let cell = try H3Cell("85283473fffffff")
        let parts = try cell.children(at: 6)
        #expect(try H3Cell.compact(parts.dropFirst() + parts[0].children(at: 7)) == [cell])
        #expect(try H3Cell.compact([]) == [])
    }

    @Test func aCellFinerThanTheResolutionIsRefused() throws {
        let cell = try H3Cell("85283473fffffff")
        #expect(throws: H3Error.resolutionMismatch) { try H3Cell.uncompact([cell], at: 4) }
    }

    @Test func theCallersBufferIsFilledInTheOrderOfTheCells() throws {
        let cells = try H3Cell("85283473fffffff").gridDisk(1)
        var result = [H3Cell](repeating: cells[0], count: 49)
        var span = result.mutableSpan
        #expect(try H3Cell.uncompact(cells.span, at: 6, into: &span) == 49)
        #expect(try result == H3Cell.uncompact(cells, at: 6))
        var short = [H3Cell](repeating: cells[0], count: 48)
        var shortSpan = short.mutableSpan
        #expect(throws: H3Error.memoryBounds) { try H3Cell.uncompact(cells.span, at: 6, into: &shortSpan) }
    }
}
