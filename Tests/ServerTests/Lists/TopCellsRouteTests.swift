import Domain
import Foundation
import H3
import Testing

@Suite struct TopCellsRouteTests {
    private let store = MemoryStore { state in
        var top = TopCell(
            cell: H3Cell.examples[4], resolution: 8, rank: 1, lastDay: LocalDay("2021-12-30")!, lastScore: 60.5,
            lastLevel: .high, maxScore: 99.25, maxLevel: .critical, totalEvents: 12, daysActive: 5,
            daysFlagged: 2, growthRate: 0.75, slope: -0.0125)
        top.area = "Kensington-Chinatown"
        state.topCells = [top]
    }

    @Test func aTopCellIsAFeature() async throws {
        try await withServer(store) { client in
            let answer = try await client.get("/v1/hotspots")
            #expect(answer.status == 200)
            #expect(answer.headers["content-type"] == "application/geo+json")
            let json = try answer.json()
            #expect(json["start_date"] as? String == "2021-12-02")
            #expect(json["end_date"] as? String == "2021-12-31")
            let feature = try #require((json["features"] as? [[String: Any]])?.first)
            #expect(feature["id"] as? String == "882b9bc46dfffff")
            let properties = try #require(feature["properties"] as? NSDictionary)
            #expect(
                properties == [
                    "h3_index": "882b9bc46dfffff", "rank": 1, "resolution": 8, "last_day": "2021-12-30",
                    "last_score": 60.5, "last_level": "high", "max_score": 99.25, "max_level": "critical",
                    "total_events": 12, "days_active": 5, "days_flagged": 2, "growth_rate": 0.75, "slope": -0.0125,
                    "area": "Kensington-Chinatown",
                ])
        }
    }

    @Test func openEndsAreFilled() async throws {
        try await withServer(store) { client in
            _ = try await client.get("/v1/hotspots")
            _ = try await client.get("/v1/hotspots?end_date=2020-03-01")
            _ = try await client.get("/v1/hotspots?start_date=2021-12-01")
            _ = try await client.get("/v1/hotspots?start_date=2020-01-01&end_date=2020-12-31&limit=1000&resolution=9")
        }
        func days(_ first: String, _ last: String) -> ClosedRange<LocalDay> { LocalDay(first)!...LocalDay(last)! }
        let queries = store.now.topCellQueries
        #expect(
            queries.map(\.query.days) == [
                days("2021-12-02", "2021-12-31"), days("2020-02-01", "2020-03-01"), days("2021-12-01", "2021-12-31"),
                days("2020-01-01", "2020-12-31"),
            ])
        #expect(queries.map(\.query.resolution) == [8, 8, 8, 9])
        // Three whole lists, and a page.
        #expect(queries.map(\.page.limit) == [200, 200, 200, 1000])
    }

    @Test(arguments: [
        ("start_date=2021-02-01&end_date=2021-01-01", "end_date"),
        ("start_date=2020-01-01&end_date=2021-01-01", "start_date"), ("start_date=2022-01-01", "start_date"),
        ("start_date=2014-01-01", "start_date"), ("limit=1001", "limit"), ("f=xml", "f"),
        ("start_date=1-1-2020", "start_date"),
    ])
    func aBadIntervalIs400(query: String, field: String) async throws {
        try await withServer(store) { client in
            let answer = try await client.get("/v1/hotspots?\(query)")
            #expect(answer.status == 400)
            #expect((try answer.json()["errors"] as? [[String: String]])?.map { $0["field"] } == [field])
        }
        #expect(store.now.topCellQueries.isEmpty)
    }

    @Test func nothingScoredIsAnEmptyCollection() async throws {
        let store = MemoryStore { state in state.datasets = [.changed { $0.days = nil }] }
        try await withServer(store) { client in
            let json = try await client.get("/v1/hotspots").json()
            #expect((json["features"] as? [Any])?.isEmpty == true)
        }
        #expect(store.now.topCellQueries.isEmpty)
    }
}
