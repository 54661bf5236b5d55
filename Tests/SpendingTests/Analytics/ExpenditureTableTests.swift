import Domain
import Testing

@testable import Spending

@Suite struct ExpenditureTableTests {
    @Test func rowsStandByDepartmentAndAmount() throws {
        let table = try table([
            .init(300, department: "B"), .init(-100, department: "A"), .init(200, department: "B"),
            .init(500, department: nil), .init(100, department: "A"),
        ])
        #expect(table.departments == ["B", "A", nil])
        #expect(table.starts == [0, 2, 4, 5])
        #expect(table.amounts == [200, 300, -100, 100, 500])
        #expect(table.ids == [3, 1, 2, 5, 4])
    }

    @Test func aVendorHasTheSpellingThatComesMostOftenAndOfEqualOnesTheFirst() throws {
        let table = try table([
            .init(1, vendor: "ACME", key: "acme"), .init(1, vendor: "Acme Inc", key: "acme"),
            .init(1, vendor: "Acme Inc", key: "acme"), .init(1, vendor: "b", key: "b"), .init(1, vendor: "B", key: "b"),
            .init(1, vendor: nil),
        ])
        #expect(table.vendors.map(\.key) == ["acme", "b", nil])
        #expect(table.vendors.map(\.name) == ["Acme Inc", "B", nil])
    }

    @Test func aTableThatIsTooLargeIsRefused() {
        let many = [MadeUpExpenditure](repeating: .init(1), count: 5000)
        #expect(throws: ExpenditureTable.Fault.tooLarge(limit: 100_000)) { try table(many, limit: 100_000) }
    }

    @Test func amountsThatCannotBeAddedUpAreRefused() {
        #expect(throws: ExpenditureTable.Fault.tooMuch) { try table([.init(.max), .init(-1)]) }
        #expect(throws: Never.self) { try table([.init(.max)]) }
    }

    @Test(arguments: [
        (ExpenditureFilter(), [1, 2, 3, 4, 5]),
        (ExpenditureFilter(fiscalYears: [2016]), [1, 3]),
        (ExpenditureFilter(fiscalYears: [2015, 2016]), [1, 2, 3]),
        (ExpenditureFilter(departments: ["A"]), [1, 2]),
        (ExpenditureFilter(departments: ["none"]), []),
        (ExpenditureFilter(vendors: ["x"]), [2, 3]),
        (ExpenditureFilter(from: LocalDay("2016-01-02")), [3, 4]),
        (ExpenditureFilter(to: LocalDay("2016-01-02")), [1, 3]),
        (ExpenditureFilter(from: LocalDay("2016-01-02"), to: LocalDay("2016-01-01")), []),
        (ExpenditureFilter(fiscalYears: [2016], departments: ["A", "B"], vendors: ["x"]), [3]),
    ])
    func aFilterSelectsWhatMeetsAllItsConditions(filter: ExpenditureFilter, ids: [Int64]) throws {
        let table = try table([
            .init(10, day: "2016-01-01", year: 2016, department: "A", vendor: "y"),
            .init(20, year: 2015, department: "A", vendor: "x"),
            .init(30, day: "2016-01-02", year: 2016, department: "B", vendor: "x"),
            .init(40, day: "2016-01-03", department: "B", vendor: nil), .init(50, department: nil, vendor: "y"),
        ])
        var found: [Int64] = []
        ExpenditureSelection(table, filter).visit { found.append(table.ids[$0]) }
        #expect(found.sorted() == ids)
    }
}
