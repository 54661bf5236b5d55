import Domain
import Testing

@testable import Spending

@Suite struct SpendingTrendsTests {
    @Test func monthsWithoutExpendituresAreThere() throws {
        let trends = SpendingTrends(
            try table([.init(500, day: "2015-11-30"), .init(-200, day: "2016-02-01"), .init(7)]), .init(), by: .month)
        #expect(trends.rows.map(\.period.description) == ["2015-11", "2015-12", "2016-01", "2016-02"])
        #expect(trends.rows.map(\.sum.cents) == [500, 0, 0, -200])
        #expect(trends.rows.map(\.sum.count) == [1, 0, 0, 1])
        #expect(trends.total == SpendingSum(cents: 307, count: 3))
        #expect(trends.undated == SpendingSum(cents: 7, count: 1))
    }

    @Test func aMonthIsComparedWithThatOfTheYearBefore() throws {
        let months = (0..<14).map { index in
            MadeUpExpenditure(
                Int64(100 * (index + 1)), day: index < 12 ? "2015-\(two(index + 1))-05" : "2016-\(two(index - 11))-05")
        }
        let rows = SpendingTrends(try table(months), .init(), by: .month).rows
        #expect(rows[11].change == nil)
        #expect(rows[12].change?.cents == 1200)
        #expect(rows[12].change?.percent == 1200)
        #expect(rows[10].mean12Months == nil)
        // (100 + ... + 1200) / 12, and one month later.
        #expect(rows[11].mean12Months == 650)
        #expect(rows[12].mean12Months == 750)
    }

    private func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

    @Test func aChangeFromNothingOrLessHasNoPercentage() throws {
        let trends = SpendingTrends(
            try table([.init(-100, day: "2015-01-01"), .init(300, day: "2016-01-01")]), .init(), by: .quarter)
        #expect(trends.rows.map(\.period.description) == ["2015-Q1", "2015-Q2", "2015-Q3", "2015-Q4", "2016-Q1"])
        #expect(trends.rows[4].change?.cents == 400)
        #expect(trends.rows[4].change?.percent == nil)
    }

    @Test func fiscalYearsOfDepartmentsStandByTheirTotals() throws {
        let trends = SpendingTrends(
            try table([
                .init(100, year: 2015, department: "A"), .init(250, year: 2016, department: "B"),
                .init(50, year: 2016, department: "A"), .init(10, year: 2014, department: "B"),
                .init(1, department: nil),
            ]), .init(), by: .department)
        #expect(trends.rows.map(\.group) == [1, 1, 0, 0])
        #expect(trends.rows.map(\.period.description) == ["2014", "2016", "2015", "2016"])
        // 2016 does not follow 2014.
        #expect(trends.rows.map(\.change?.percent) == [nil, nil, nil, -50])
        #expect(trends.undated == SpendingSum(cents: 1, count: 1))
    }

    @Test func nothingHasNoRows() throws {
        for division in SpendingTrends.Division.allCases {
            let trends = SpendingTrends(try table([]), .init(), by: division)
            #expect(trends.rows.isEmpty)
            #expect(trends.total == SpendingSum())
        }
    }

    @Test func aDayOfAnotherAgeCostsNoMemory() throws {
        let trends = SpendingTrends(
            try table([.init(1, day: "0201-05-01"), .init(2, day: "9999-12-31")]), .init(), by: .quarter)
        #expect(trends.rows.count == (9999 - 201) * 4 + 3)
        #expect(trends.rows.last?.period.description == "9999-Q4")
        #expect(trends.rows.first?.period.description == "0201-Q2")
    }
}
