import H3
import Testing

/// Children, positions, digits and compaction of the shared vectors.
struct H3HierarchyVectorTests {
    private struct Hierarchy: Decodable {
        let h: String
        let cc: [String]
        let n: [Int]
        let ch: Children?
        let pos: [Int]
        let cp: Position?
        let dig: [Int]
    }

    private struct Children: Decodable {
        let resolution: Int
        let cells: [String]

        init(from decoder: any Decoder) throws {
            var list = try decoder.unkeyedContainer()
            resolution = try list.decode(Int.self)
            cells = try list.decode([String].self)
        }
    }

    private struct Position: Decodable {
        let position: Int
        let resolution: Int
        let cell: String

        init(from decoder: any Decoder) throws {
            var list = try decoder.unkeyedContainer()
            position = try list.decode(Int.self)
            resolution = try list.decode(Int.self)
            cell = try list.decode(String.self)
        }
    }

    private struct Compact: Decodable {
        let `case`: String?
        let cells: [String]
        let compact: [String]?
        let err: String?
        let out: [String]?
        let res: Int?
    }

    @Test func childrenPositionsAndDigitsMatch() throws {
        for record in try SharedFolder.records("h3/vectors/oracle/hierarchy.jsonl.gz", as: Hierarchy.self) {
            let cell = try H3Cell(record.h)
            for (offset, child) in record.cc.enumerated() {
                let resolution = try Resolution(cell.resolution.number + offset)
                #expect(try cell.centerChild(at: resolution).description == child)
                #expect(try cell.childCount(at: resolution) == record.n[offset])
            }
            if let children = record.ch {
                #expect(
                    try cell.children(at: Resolution(children.resolution)).map(\.description) == children.cells,
                    "\(cell)")
            }
            for (number, position) in record.pos.enumerated() {
                let resolution = try Resolution(number)
                #expect(try cell.childPosition(at: resolution) == position, "\(cell) at \(resolution)")
                let parent = try cell.parent(at: resolution)
                #expect(try parent.child(at: cell.resolution, position: position) == cell)
            }
            if let wanted = record.cp {
                let child = try cell.child(at: Resolution(wanted.resolution), position: wanted.position)
                #expect(child.description == wanted.cell)
            }
            #expect(
                try Resolution.allCases.dropFirst().map { resolution in try cell.digit(at: resolution) } == record.dig)
            let digits = Array(record.dig.prefix(cell.resolution.number))
            #expect(try H3Cell(resolution: cell.resolution, baseCell: cell.baseCell, digits: digits) == cell)
        }
    }

    @Test func compactionMatchesBothWays() throws {
        for record in try SharedFolder.records("h3/vectors/oracle/compact.jsonl.gz", as: Compact.self) {
            // The null index, which C skips, and an index with reserved bits are not cells here.
            let cells = record.cells.compactMap { UInt64($0, radix: 16).flatMap { H3Cell($0) } }
            if record.case == "reserved" {
                #expect(cells.isEmpty)
            } else if record.case == "dup" {
                // C detects only some repeated cells.
                #expect(throws: H3Error.duplicateInput) { try H3Cell.compact(cells) }
            } else if record.case?.hasPrefix("un-") == true {
                try expectUncompact(record, cells)
            } else if let error = record.err, error != "E_SUCCESS" {
                let expected = try #require(h3Error(error))
                #expect(throws: expected) { try H3Cell.compact(cells) }
            } else {
                let compact = try H3Cell.compact(cells)
                #expect(Set(compact.map(\.description)) == Set(try #require(record.compact)))
                if let finest = cells.map(\.resolution).max(), Set(cells.map(\.resolution)).count == 1 {
                    #expect(try H3Cell.uncompact(compact, at: finest).sorted() == cells.sorted())
                }
            }
        }
    }

    @Test func theUpstreamFilesCompactAndUncompact() throws {
        for number in 1...3 {
            let fine = try SharedFolder.lines("h3/vectors/upstream/uncompact_test\(number).txt.gz")
                .flatMap { $0.split { !$0.isHexDigit } }
                .map { try H3Cell(String($0)) }
            #expect(!fine.isEmpty)
            let cells = try H3Cell.uncompact(fine, at: 5)
            #expect(try H3Cell.uncompact(try H3Cell.compact(cells), at: 5).sorted() == cells.sorted())
        }
    }

    private func expectUncompact(_ record: Compact, _ cells: [H3Cell]) throws {
        let number = try #require(record.res)
        if let out = record.out {
            #expect(try H3Cell.uncompact(cells, at: Resolution(number)).map(\.description) == out)
        } else {
            let name = try #require(record.err)
            let expected = try #require(h3Error(name))
            if let resolution = try? Resolution(number) {
                #expect(throws: expected) { try H3Cell.uncompact(cells, at: resolution) }
            } else {
                // C gives another error here than for other numbers that are not resolutions.
                #expect(expected == .resolutionMismatch)
            }
        }
    }
}

/// The error with this name in the C interface.
func h3Error(_ name: String) -> H3Error? { H3Error.allCases.first { $0.name == name } }
