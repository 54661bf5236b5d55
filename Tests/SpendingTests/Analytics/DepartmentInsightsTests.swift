import Testing

@testable import Spending

@Suite struct DepartmentInsightsTests {
    @Test func departmentsStandByTheirTotals() throws {
        let insights = DepartmentInsights(
            try table([
                .init(100, year: 2015, department: "A", vendor: "x"),
                .init(200, year: 2016, department: "A", vendor: "y"),
                .init(900, year: 2016, department: "B", vendor: "x"), .init(-50, department: "C", vendor: "z"),
                .init(100, year: 2016, department: nil, vendor: nil),
            ]), .init())
        #expect(insights.rows.map(\.department) == [1, 0, 3, 2])
        #expect(insights.rows.map(\.sum.cents) == [900, 300, 100, -50])
        #expect(insights.lastYear == 2016)
        // Shares of 900 + 300 + 100.
        #expect(insights.rows.map { $0.share.map { ($0 * 13).rounded() } } == [900, 300, 100, nil])
        #expect(insights.rows[1].growth?.percent == 100)
        #expect(insights.rows[0].growth == nil)
        #expect(insights.rows[1].median == 150)
        #expect(insights.rows[1].mean == 150)
        #expect(insights.rows[1].topVendors.map(\.vendor) == [1, 0])
        // An expenditure without a vendor is in no share of vendors.
        #expect(insights.rows[2].vendors.vendors == 0)
        #expect(insights.rows[2].vendors.hhi == nil)
        #expect(insights.rows[3].vendors.leftOut == 1)
    }

    @Test func theMedianIsThatOfTheSelectedAmounts() throws {
        let table = try table([
            .init(1, year: 2016), .init(1000, year: 2015), .init(5, year: 2016), .init(9, year: 2016),
        ])
        let insights = DepartmentInsights(table, .init(fiscalYears: [2016]))
        #expect(insights.rows.map(\.median) == [5])
        #expect(insights.total == SpendingSum(cents: 15, count: 3))
    }
}

@Suite struct VendorConcentrationTests {
    @Test func vendorsStandByTheirTotalsWithTheirShares() throws {
        let concentration = VendorConcentration(
            try table([
                .init(300, vendor: "x"), .init(100, vendor: "y"), .init(-40, vendor: "z"), .init(1000, vendor: nil),
            ]), .init())
        #expect(concentration.rows.map(\.sum.cents) == [300, 100, -40])
        #expect(concentration.rows.map(\.share) == [75, 25, nil])
        #expect(concentration.rows.map(\.cumulative) == [75, 100, nil])
        #expect(concentration.unnamed == SpendingSum(cents: 1000, count: 1))
        #expect(concentration.total.cents == 1360)
    }
}

@Suite struct PlacedSpendingTests {
    @Test(arguments: ExpenditurePlace.Kind.allCases)
    func eachExpenditureIsAtOnePlaceOrNone(kind: ExpenditurePlace.Kind) throws {
        let table = try table([
            .init(300, department: "a", vendor: "a"), .init(100, department: "b", vendor: "b"),
            .init(7, department: nil, vendor: nil), .init(11, department: "a", vendor: "a"),
        ])
        let places = ["a", "never"].map { ExpenditurePlace(key: $0, name: $0, longitude: 0, latitude: 0) }
        let placed = PlacedSpending(table, .init(), places, of: kind)
        #expect(placed.sums == [SpendingSum(cents: 311, count: 2), SpendingSum()])
        #expect(placed.unplaced == SpendingSum(cents: 107, count: 2))
        #expect(placed.total == SpendingSum(cents: 418, count: 4))
    }
}

@Suite struct CentsTextTests {
    @Test(
        arguments: [
            (0, "0.00"), (5, "0.05"), (-5, "-0.05"), (123_456, "1234.56"), (-100, "-1.00"),
            (Int64.min, "-92233720368547758.08"),
        ] as [(Int64, String)])
    func centsHaveTwoDecimals(cents: Int64, text: String) {
        #expect(CentsText.of(cents) == text)
    }
}
