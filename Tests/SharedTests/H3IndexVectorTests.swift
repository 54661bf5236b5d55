import H3
import Testing

/// Hierarchy, validity and invalid arguments of the shared vectors.
struct H3IndexVectorTests {
    private struct Hierarchy: Decodable {
        let h: String
        let par: [String]
        let bc: Int
    }

    @Test func parentsAndBaseCellsMatch() throws {
        for record in try SharedFolder.records("h3/vectors/oracle/hierarchy.jsonl.gz", as: Hierarchy.self) {
            let cell = try H3Cell(record.h)
            #expect(cell.description == record.h)
            #expect(cell.baseCell == record.bc)
            #expect(cell.resolution.number == record.par.count - 1)
            for (number, parent) in record.par.enumerated() {
                #expect(try cell.parent(at: Resolution(number)).description == parent)
            }
        }
    }

    @Test func validityMatches() throws {
        for line in try SharedFolder.lines("h3/vectors/oracle/validity.txt.gz") {
            let fields = line.split(separator: " ")
            let bits = try #require(UInt64(fields[0], radix: 16))
            let flags = try #require(UInt8(fields[1], radix: 16))
            #expect(H3Cell.isValid(bits) == (flags & 1 != 0), "\(fields[0])")
        }
    }

    /// Functions of a cell can only be called with a valid one; arguments that C does not check are refused before.
    @Test(arguments: ["cellToLatLng", "cellToBoundary", "cellToParent_res3"])
    func indexesThatAreNoCellAreRefused(function: String) throws {
        let records = try InvalidRecord.all().filter { $0.f == function }
        try #require(!records.isEmpty)
        for record in records {
            let text = try #require(record.h)
            #expect(throws: H3Error.cellInvalid, "\(record)") { try H3Cell(text) }
        }
    }

    @Test func parentResolutionsThatDoNotFitAreRefused() throws {
        let records = try InvalidRecord.all().filter { $0.f == "cellToParent" }
        try #require(!records.isEmpty)
        for record in records {
            let arguments = try #require(record.args)
            let cell = try H3Cell(try #require(arguments[0].text))
            let number = try #require(arguments[1].integer)
            let error = #expect(throws: H3Error.self) { try cell.parent(at: Resolution(number)) }
            #expect(error?.name == record.err)
        }
    }

    @Test func pointsAndResolutionsOutOfRangeAreRefused() throws {
        let records = try InvalidRecord.all().filter { $0.f == "latLngToCell" }
        try #require(!records.isEmpty)
        for record in records {
            let arguments = try #require(record.args)
            let latitude = try #require(arguments[0].number)
            let longitude = try #require(arguments[1].number)
            let number = try #require(arguments[2].integer)
            let error = #expect(throws: H3Error.self) {
                try H3Cell(latitude: latitude, longitude: longitude, resolution: Resolution(number))
            }
            #expect(error?.name == record.err)
        }
    }

    /// C skips blanks, ignores following text, accepts a sign and caps overflow; none of this gives a cell here.
    @Test func textIsReadAsInCWhereItIsAWholeNumber() throws {
        let lenient: Set = ["10000000000000000", "-1", " 8928308280fffff", "8928308280fffff zzz"]
        let records = try InvalidRecord.all().filter { $0.f == "stringToH3" }
        try #require(!records.isEmpty)
        for record in records {
            let text = try #require(record.args?.first?.text)
            let bits = record.h.flatMap { UInt64($0, radix: 16) }
            if record.err == H3Error.failed.name || lenient.contains(text) {
                #expect(throws: H3Error.failed, "\(text)") { try H3Cell(text) }
            } else if let cell = H3Cell(try #require(bits)) {
                #expect(try H3Cell(text) == cell)
            } else {
                #expect(throws: H3Error.cellInvalid, "\(text)") { try H3Cell(text) }
            }
        }
    }
}
