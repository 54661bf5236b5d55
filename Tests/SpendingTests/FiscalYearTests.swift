import Domain
import Testing

@testable import Spending

@Suite struct FiscalYearTests {
    @Test(arguments: [
        ("2024-06-30", 7, 2024), ("2024-07-01", 7, 2025), ("2014-03-31", 4, 2014), ("2014-04-01", 4, 2015),
        ("2024-01-01", 1, 2024), ("2024-12-31", 1, 2024), ("2024-10-01", 10, 2025),
    ])
    func aYearIsNamedByItsEnd(_ text: String, _ begins: Int, _ year: Int) throws {
        #expect(FiscalYear.of(try #require(LocalDay(text)), begins: begins) == year)
    }

    @Test(arguments: [
        ("2024", 2024), ("FY24", 2024), ("fy 2024", 2024), ("FY2024", 2024), ("2023/24", 2024), ("2023-24", 2024),
        ("2023-2024", 2024), ("1999/00", 2000), ("24", 2024),
    ])
    func aYearMayBeWrittenInManyWays(_ text: String, _ year: Int) {
        #expect(FiscalYear.read(text) == year)
    }

    @Test(arguments: ["", "FY", "2023/25", "2023/2", "23/24", "2023/24/25", "year 4", "20245", "-2024", "2024-06"])
    func otherTextsAreNone(_ text: String) {
        #expect(FiscalYear.read(text) == nil)
    }
}
