import Domain
import Foundation
import H3
import Testing

@Suite struct CellAndStatsRouteTests {
    private let store = MemoryStore { state in
        state.rows = ["2021-12-30", "2021-12-31", "2021-12-29"].map { .example(.examples[0], day: $0) }
        state.counts = [("2021-12-30", "Assault"), ("2021-12-30", "a_b c"), ("2021-12-31", "Assault")].map {
            EventCount(day: LocalDay($0.0)!, eventType: $0.1, count: 3)
        }
    }

    private static func fields(_ answer: Answer) throws -> [String?]? {
        (try answer.json()["errors"] as? [[String: String]])?.map { $0["field"] }
    }

    @Test(arguments: [1, 2, 3])
    func thePagesOfACellAreItsDays(limit: Int) async throws {
        try await withServer(store) { client in
            var days: [String] = []
            var path: String? = "/v1/cells/882b9bc445fffff?limit=\(limit)&level=low&fields=day,event_count"
            while let current = path {
                let json = try await client.get(current).json()
                let items = try #require(json["items"] as? [[String: Any]])
                days += items.compactMap { $0["day"] as? String }
                #expect(items.allSatisfy { Set($0.keys) == ["day", "event_count"] })
                path = (json["next"] as? String).map { String($0.dropFirst(client.origin.count)) }
            }
            #expect(days == ["2021-12-29", "2021-12-30", "2021-12-31"])
        }
        #expect(store.now.cellQueries.allSatisfy { $0.levels == [.low] && $0.cell == .examples[0] })
    }

    @Test(arguments: [
        ("xyz", "h3"), ("862b9bc47ffffff?from=2021-02-01&to=2021-01-01", "to"),
        ("882b9bc445fffff?bbox=1,2,3,4", "bbox"),
        ("8a2b9bc44007fff", "h3"), ("882b9bc445fffff?after=x", "after"), ("882b9bc445fffff?fields=geom", "fields"),
    ])
    func aFaultOfACellIsNamed(path: String, field: String) async throws {
        try await withServer(store) { client in
            let answer = try await client.get("/v1/cells/\(path)")
            #expect(answer.status == 400)
            #expect(try Self.fields(answer) == [field])
        }
    }

    @Test(arguments: [1, 2, 3])
    func thePagesOfStatsHoldEveryCountOnce(limit: Int) async throws {
        try await withServer(store) { client in
            var counts: [String] = []
            var path: String? = "/v1/stats?limit=\(limit)&from=2021-12-01&to=2021-12-31"
            while let current = path {
                let json = try await client.get(current).json()
                counts += try #require(json["items"] as? [[String: Any]]).map {
                    "\($0["day"] ?? "") \($0["event_type"] ?? "") \($0["event_count"] ?? "")"
                }
                path = (json["next"] as? String).map { String($0.dropFirst(client.origin.count)) }
            }
            #expect(counts == ["2021-12-30 Assault 3", "2021-12-30 a_b c 3", "2021-12-31 Assault 3"])
        }
        let days = LocalDay("2021-12-01")!...LocalDay("2021-12-31")!
        #expect(store.now.countQueries.allSatisfy { $0.days == days })
    }

    @Test func countsLieNowhereAndSoHaveNoGeoJSON() async throws {
        try await withServer(store) { client in
            #expect(try Self.fields(try await client.get("/v1/stats?f=geojson")) == ["f"])
            let answer = try await client.get("/v1/stats?f=csv")
            let lines = String(decoding: try answer.unchunked(), as: UTF8.self).components(separatedBy: "\r\n")
            #expect(lines[0...1] == ["day,event_type,event_count", "2021-12-30,Assault,3"])
        }
    }
}
