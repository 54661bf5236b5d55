import Foundation
import Testing

@testable import NYCOpenData

@Suite struct BBLTests {
    @Test(arguments: [
        ("1000010001", BBL.Borough.manhattan, 1, 1), ("1007900009", .manhattan, 790, 9),
        ("2999999999", .bronx, 99_999, 9999), ("3022320009", .brooklyn, 2232, 9), ("4089700036", .queens, 8970, 36),
        ("5000107501", .statenIsland, 10, 7501),
    ])
    func tenDigitsAreBoroughBlockAndLot(_ text: String, _ borough: BBL.Borough, _ block: Int, _ lot: Int) throws {
        let bbl = try BBL(text)
        #expect(bbl.borough == borough)
        #expect(bbl.block == block)
        #expect(bbl.lot == lot)
        #expect(bbl.description == text)
    }

    @Test(arguments: [
        ("", "ten digits"), ("100790009", "ten digits"), ("10079000090", "ten digits"), ("1-00790-0009", "ten digits"),
        (" 1007900009", "ten digits"), ("100790000a", "ten digits"), ("+007900009", "ten digits"),
        ("１００７９００００９", "ten digits"), ("0007900009", "1 to 5"), ("6007900009", "1 to 5"),
        ("9999999999", "1 to 5"), ("1000000009", "block"), ("1007900000", "lot"),
    ])
    func anythingElseIsRefusedWithTheRule(_ text: String, _ rule: String) throws {
        let error = #expect(throws: NYCDataError.self) { try BBL(text) }
        guard case .badBBL(let bad)? = error else {
            Issue.record("another error: \(String(describing: error))")
            return
        }
        #expect(bad.text == text)
        #expect(bad.problem.contains(rule))
        #expect(error?.isTemporary == false)
        #expect(error?.description.contains("\"\(text)\"") == true)
    }

    @Test func aLongTextIsQuotedInPart() throws {
        let error = #expect(throws: NYCDataError.self) { try BBL(String(repeating: "1", count: 100_000)) }
        #expect((error?.description.count ?? 1000) < 120)
    }

    @Test func itIsATextInJSON() throws {
        let lots = [try BBL("1007900009")]
        let json = try JSONEncoder().encode(lots)
        #expect(String(decoding: json, as: UTF8.self) == #"["1007900009"]"#)
        #expect(try JSONDecoder().decode([BBL].self, from: json) == lots)
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode([BBL].self, from: Data(#"["6007900009"]"#.utf8))
        }
    }
}
