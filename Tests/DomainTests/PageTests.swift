import Domain
import H3
import TestDomain
import Testing

struct PageTests {
    /// Runs with these ids, the newest first.
    private static func runs(_ ids: ClosedRange<Int64>) -> [AnalyticsRun] {
        ids.reversed().map {
            AnalyticsRun(id: $0, kind: "score", dataset: "toronto", resolutions: [7], createdAt: Instant(seconds: 0))
        }
    }

    @Test func oneMoreRowThanThePageHasLeadsToTheNext() {
        let request = PageRequest<AnalyticsRun>(limit: 3)
        #expect(request.wanted == 4)
        let page = Page(Self.runs(1...4), of: request)
        #expect(page.rows.map(\.id) == [4, 3, 2])
        #expect(page.next == 2)
    }

    @Test(arguments: [1, 2, 3] as [Int64])
    func aPageWithoutAnotherRowIsTheLast(_ count: Int64) {
        let page = Page(Self.runs(1...count), of: PageRequest(after: 9, limit: 3))
        #expect(page.rows.count == count)
        #expect(page.next == nil)
    }

    @Test func anEmptyPageIsTheLastEvenIfItWasCut() {
        #expect(Page([], of: PageRequest<AnalyticsRun>(limit: 3)).next == nil)
        #expect(Page([], of: PageRequest<AnalyticsRun>(limit: 3), isCut: true).next == nil)
    }

    @Test func aPageThatEndedEarlyLeadsToTheNextHoweverFewItsRows() {
        #expect(Page(Self.runs(7...8), of: PageRequest(limit: 3), isCut: true).next == 7)
        #expect(Page(Self.runs(5...8), of: PageRequest(limit: 3), isCut: true).next == 6)
    }

    @Test(arguments: 1...11)
    func pagesJoinToTheWhole(_ limit: Int) {
        let all = Self.runs(1...10)
        var joined: [AnalyticsRun] = []
        var request = PageRequest<AnalyticsRun>(limit: limit)
        var pages = 0
        repeat {
            let found = all.filter { $0.id < request.after ?? .max }.prefix(request.wanted)
            let page = Page(Array(found), of: request)
            joined += page.rows
            request.after = page.next
            pages += 1
        } while request.after != nil
        #expect(joined == all)
        #expect(pages == (10 + limit - 1) / limit)
    }

    @Test func rowsHaveTheCursorOfTheirOrder() throws {
        let cell = try H3Cell("882b9bc46dfffff")
        let day = try #require(LocalDay("2021-12-31"))
        let row = RiskRow(
            cell: cell, day: day, resolution: 8, eventCount: 3, rolling7dAvg: 1.5, growthRate: 2.5, riskScore: 30.5,
            riskLevel: .medium, zScore: -4.5, anomaly: true, unusual: false)
        #expect(row.cursor == RiskCursor(day: day, cell: cell))
        let count = EventCount(day: day, eventType: "theft", count: 2)
        #expect(count.cursor == EventCountCursor(day: day, eventType: "theft"))
    }
}
