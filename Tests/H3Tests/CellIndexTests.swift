import H3
import Testing

struct CellIndexTests {
    @Test func validityIsThatOfTheReference() throws {
        for line in try golden("validity.txt") {
            let bits = try #require(UInt64(line[0], radix: 16))
            #expect(H3Cell.isValid(bits) == (line[1] == "1"), "\(line[0])")
            #expect((H3Cell(bits) != nil) == (line[1] == "1"), "\(line[0])")
        }
    }

    @Test func textAndDatabaseFormsRoundTrip() throws {
        for point in RandomPoints(seed: 5, count: 200) {
            for resolution in Resolution.allCases {
                let cell = try H3Cell(
                    latitude: point.latitude, longitude: point.longitude, resolution: resolution)
                let text = cell.description
                #expect(text.count == 15)
                #expect(text == text.lowercased())
                #expect(try H3Cell(text) == cell)
                #expect(try H3Cell("0x" + text.uppercased()) == cell)
                #expect(H3Cell(bitPattern: cell.bitPattern) == cell)
            }
        }
    }

    @Test(arguments: [
        "", "0x", "xyz", "-1", "+8928308280fffff", " 8928308280fffff", "8928308280fffff ", "8928308280fffff zzz",
        "0x+8928308280fffff", "00x8928308280fffff", "10000000000000000", "008928308280fffff0", "８928308280fffff",
    ])
    func refusesTextThatIsNoHexadecimalNumber(text: String) {
        #expect(throws: H3Error.failed) { try H3Cell(text) }
    }

    @Test(arguments: ["0", "1", "ffffffffffffffff", "7fffffffffffffff", "85283473ffffff7", "115283473fffffff"])
    func refusesNumbersThatAreNoCell(text: String) {
        #expect(throws: H3Error.cellInvalid) { try H3Cell(text) }
    }

    @Test func negativeDatabaseValuesAreNoCells() {
        #expect(H3Cell(bitPattern: -1) == nil)
        #expect(H3Cell(bitPattern: .min) == nil)
    }

    @Test func cellsAreOrderedByTheirBits() throws {
        let coarse = try H3Cell("85283473fffffff")
        let fine = try H3Cell("8928308280fffff")
        #expect(coarse < fine)
        #expect([fine, coarse].sorted() == [coarse, fine])
    }

    @Test func errorCodesAreThoseOfTheInterface() {
        #expect(H3Error.allCases.map(\.rawValue) == Array(1...19))
        #expect(Set(H3Error.allCases.map(\.name)).count == 19)
        #expect(H3Error.resolutionDomain.name == "E_RES_DOMAIN")
        #expect(H3Error.deletedDigit.name == "E_DELETED_DIGIT")
        #expect(H3Error.description(ofCode: 0) == "Success")
        #expect(H3Error.description(ofCode: 12) == H3Error.resolutionMismatch.description)
        #expect(H3Error.description(ofCode: 20) == "Invalid error code")
    }
}
