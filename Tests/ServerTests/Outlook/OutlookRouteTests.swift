import Domain
import Foundation
import H3
import TestDomain
import Testing
import Tiles

@testable import Server

@Suite struct OutlookRouteTests {
    private static let days = ["2021-12-31", "2021-12-24"].map { LocalDay($0)! }

    private static func row(_ cell: H3Cell, key: Double) -> OutlookRow {
        OutlookRow(
            cell: cell, resolution: 8, asOf: days[0], kind: .all, period: .fourWeeks,
            figures: .init(events: 3, before: 0, p: 0.25, trend: .few, maxScore: nil, daysFlagged: 1),
            hotSpot: .init(hotSpotClass: .newHot, z: 4.5, trendP: 0.5),
            forecast: .init(horizon: 7, expected: -key, chance: 0.75, interval50: 0...1, interval90: 0...3),
            sortKey: key)
    }

    private let store = MemoryStore { state in
        state.datasets = [
            .changed { status in
                status.outlookDays = OutlookRouteTests.days
                status.dataset.groups = [EventGroup(name: "violence", types: ["Assault"])]
            }
        ]
        state.outlookRows = zip(H3Cell.examples, [-2.5, -2.5, -1, .infinity]).map { OutlookRouteTests.row($0, key: $1) }
    }

    @Test func aListGoesOnAfterEqualAndMissingValues() async throws {
        try await withServer(store) { client in
            var cells: [String] = []
            var path: String? = "/v1/outlook?limit=1&sort=change"
            while let next = path {
                let json = try await client.get(next).json()
                cells += (json["items"] as? [[String: Any]] ?? []).compactMap { $0["h3_index"] as? String }
                path = (json["next"] as? String).flatMap { URL(string: $0) }.map { "\($0.path)?\($0.query ?? "")" }
            }
            #expect(cells == H3Cell.examples.prefix(4).map(\.description))
        }
        let queries = store.now.outlookQueries.map(\.query)
        #expect(Set(queries).count == 1)
        #expect(queries.first?.sort == .change)
        #expect(queries.first?.asOf == Self.days[0])
    }

    @Test func aRowHasNullWhereThereIsNoValue() async throws {
        try await withServer(store) { client in
            let json = try await client.get("/v1/outlook?limit=1").json()
            let item = try #require((json["items"] as? [NSDictionary])?.first)
            #expect(item["change_percent"] is NSNull)
            #expect(item["max_score"] is NSNull)
            #expect(item["days_flagged"] as? Int == 1)
            #expect(item["class"] as? String == "new_hot")
        }
    }

    @Test func hotSpotsAreAllThatHaveAClassTheMostUrgentFirst() async throws {
        try await withServer(store) { client in
            let answer = try await client.get("/v1/outlook/hotspots?as_of=2021-12-24&period=365&kind=violence")
            #expect(answer.headers["content-type"] == "application/geo+json")
            #expect(try answer.json()["as_of"] as? String == "2021-12-24")
            _ = try await client.get("/v1/outlook/hotspots?class=hot,none&trend=rising&sort=gi")
        }
        let queries = store.now.outlookQueries.map(\.query)
        #expect(queries.count == 2)
        #expect(queries[0].classes == Set(HotSpotClass.allCases).subtracting([.none]))
        #expect(queries[0].sort == .class)
        #expect(queries[0].period == .year)
        #expect(queries[0].kind == .group("violence"))
        #expect(queries[0].asOf == Self.days[1])
        #expect(queries[1].classes == Set(HotSpotClass.allCases.filter(\.isHot)).union([.none]))
        #expect(queries[1].trends == [.rising])
        #expect(queries[1].sort == .gi)
    }

    @Test(arguments: [
        ("period=30", "period"), ("period=07", "period"), ("kind=arson", "kind"), ("class=warm", "class"),
        ("class=", "class"), ("trend=up", "trend"), ("sort=name", "sort"), ("as_of=tomorrow", "as_of"),
        ("after=nan_882b9bc46dfffff", "after"), ("after=-inf_882b9bc46dfffff", "after"), ("after=1", "after"),
        ("resolution=12", "resolution"),
    ])
    func whatCannotBeMeantIs400(query: String, field: String) async throws {
        try await withServer(store) { client in
            for path in ["/v1/outlook", "/v1/outlook/hotspots"] {
                let answer = try await client.get("\(path)?\(query)")
                #expect(answer.status == 400)
                #expect((try answer.json()["errors"] as? [[String: String]])?.map { $0["field"] } == [field])
            }
        }
        #expect(store.now.outlookQueries.isEmpty)
    }

    @Test func withoutAnOutlookTheListIsEmpty() async throws {
        let store = MemoryStore()
        try await withServer(store) { client in
            let json = try await client.get("/v1/outlook").json()
            #expect((json["items"] as? [Any])?.isEmpty == true)
            #expect(try await client.get("/v1/tiles/9/143/186.mvt?layers=outlook").status == 204)
        }
        #expect(store.now.outlookQueries.isEmpty)
        #expect(store.now.tileKeys.isEmpty)
    }

    @Test func aTileOfAnOutlookHasItsOwnKey() async throws {
        try await withServer(store) { client in
            for query in ["", "&as_of=latest", "&as_of=2021-12-24&period=7&kind=violence&class=cold&resolution=7"] {
                let answer = try await client.get("/v1/tiles/9/143/186.mvt?layers=outlook\(query)")
                #expect(answer.status == 200)
            }
        }
        let keys = store.now.tileKeys
        #expect(keys.count == 3)
        #expect(keys.allSatisfy { $0.layers == .outlook })
        #expect(keys[0] == keys[1])
        #expect(keys[0].day == Self.days[0])
        #expect(keys[0].outlook == OutlookLayer())
        #expect(keys[0].resolution == 6)
        #expect(keys[2].day == Self.days[1])
        #expect(keys[2].resolution == 7)
        let cold = Set(HotSpotClass.allCases.filter(\.isCold))
        #expect(keys[2].outlook == OutlookLayer(kind: .group("violence"), period: .week, classes: cold))
    }

    @Test(arguments: [
        ("layers=outlook&date=2021-12-31", "date"), ("layers=outlook&level=high", "level"),
        ("period=7", "period"), ("layers=risk&as_of=latest", "as_of"), ("layers=outlook,events", "layers"),
        ("layers=outlook&kind=arson", "kind"),
    ])
    func parametersOfOtherLayersAreRefused(query: String, field: String) async throws {
        try await withServer(store) { client in
            for path in ["/v1/tiles/14/4577/5979.mvt", "/v1/tiles.json"] {
                let answer = try await client.get("\(path)?\(query)")
                #expect(answer.status == 400)
                #expect((try answer.json()["errors"] as? [[String: String]])?.map { $0["field"] } == [field])
            }
        }
        #expect(store.now.tileKeys.isEmpty)
    }

    @Test func evaluationsArePagedAndTheirScoresPassedOn() async throws {
        let day = Self.days[0]
        store.change { state in
            state.evaluations = [3, 2].map { id in
                OutlookEvaluation(
                    id: id, dataset: "toronto", resolution: 8, kind: .all, horizon: 7,
                    days: day.advanced(by: -90)...day, cells: 900, origins: 13, outside: 2, isBehind: id == 3,
                    bestRival: "counts of 365 days", methods: #"[{"name":"outlook"}]"#, comparisons: "[]", madeAt: .now)
            }
        }
        try await withServer(store) { client in
            let json = try await client.get("/v1/outlook/evaluation?limit=1&horizon=7&kind=violence").json()
            let item = try #require((json["items"] as? [[String: Any]])?.first)
            #expect(item["id"] as? Int == 3)
            #expect(item["is_behind"] as? Bool == true)
            #expect((item["methods"] as? [[String: String]])?.first?["name"] == "outlook")
            let next = try #require((json["next"] as? String).flatMap { URL(string: $0) })
            let second = try await client.get("\(next.path)?\(next.query ?? "")").json()
            #expect((second["items"] as? [[String: Any]])?.first?["id"] as? Int == 2)
            #expect(second["next"] is NSNull)
            #expect(try await client.get("/v1/outlook/evaluation?horizon=29").status == 400)
            #expect(try await client.get("/v1/outlook/evaluation?kind=arson").status == 400)
        }
        #expect(store.now.evaluationQueries.allSatisfy { $0.horizon == 7 && $0.kind == .group("violence") })
    }
}
