import Domain
import Foundation
import H3
import Testing

@Suite struct RiskRouteTests {
    private let store = MemoryStore { state in
        state.rows = H3Cell.examples.enumerated().map { .example($1, score: Double($0) * 14.3) }
    }

    @Test func aRowHasTheNamesOfTheTile() async throws {
        try await withServer(store) { client in
            let answer = try await client.get("/v1/risk/2021-12-31?limit=1")
            let items = try #require(try answer.json()["items"] as? [[String: Any]])
            let row = try #require(items.first)
            #expect(
                Set(row.keys) == [
                    "h3_index", "day", "resolution", "event_count", "rolling_7d_avg", "growth_rate", "risk_score",
                    "risk_level", "z_score", "anomaly", "unusual", "area",
                ])
            #expect(row["h3_index"] as? String == "882b9bc445fffff")
            // Compared as text, because not every JSON parser keeps the last digit.
            #expect(answer.text.contains("\"rolling_7d_avg\":0.30000000000000004,"))
            #expect(answer.text.contains("\"growth_rate\":-0.3333333333333333,"))
            #expect(row["risk_level"] as? String == "low")
            #expect(row["anomaly"] as? Bool == true)
        }
    }

    @Test(arguments: [1, 2, 3, 6, 7, 100], ["json", "geojson"])
    func thePagesTogetherHoldEveryCellOnce(limit: Int, format: String) async throws {
        try await withServer(store) { client in
            var cells: [String] = []
            var path = "/v1/risk/2021-12-31?limit=\(limit)&f=\(format)"
            while true {
                let json = try await client.get(path).json()
                let next: String?
                if format == "json" {
                    cells += try #require(json["items"] as? [[String: Any]]).compactMap { $0["h3_index"] as? String }
                    next = json["next"] as? String
                } else {
                    cells += try #require(json["features"] as? [[String: Any]]).compactMap { $0["id"] as? String }
                    let links = json["links"] as? [[String: String]]
                    #expect(links.map { $0.map { $0["rel"] } == ["next"] } ?? true)
                    next = links?.first?["href"]
                }
                guard let next else { break }
                try #require(next.hasPrefix(client.origin))
                path = String(next.dropFirst(client.origin.count))
            }
            #expect(cells == H3Cell.examples.map(\.description))
        }
    }

    @Test func theQueryHoldsWhatWasAsked() async throws {
        try await withServer(store) { client in
            _ = try await client.get(
                "/v1/risk/2020-01-02?resolution=7&level=high&bbox=170,-1,-170,1&after=872b9bc46ffffff&limit=9")
            _ = try await client.get("/v1/risk/2020-01-02?cell=872b9bc46ffffff")
            _ = try await client.get("/v1/risk/2020-01-02")
        }
        let queries = store.now.riskQueries
        #expect(queries.map(\.query.resolution) == [7, 7, 8])
        #expect(queries[0].query.levels == [.high])
        #expect(queries[0].query.selection.bounds == BoundingBox(west: 170, south: -1, east: -170, north: 1))
        let day = LocalDay("2020-01-02")!
        let cell = try H3Cell("872b9bc46ffffff")
        #expect(queries.map(\.page.after) == [RiskCursor(day: day, cell: cell), nil, nil])
        #expect(queries.map(\.page.limit) == [9, 100, 100])
        #expect(queries.map(\.cell) == [nil, cell, nil])
        #expect(queries.allSatisfy { $0.query.days == day...day })
    }

    @Test func theNextPageKeepsTheFilters() async throws {
        try await withServer(store) { client in
            let path = "/v1/risk/2021-12-31?level=low&bbox=-80,43,-79,44&limit=1"
            let next = try #require(try await client.get(path).json()["next"] as? String)
            for part in ["dataset=toronto", "resolution=8", "level=low", "bbox=-80,43,-79,44", "limit=1"] {
                #expect(next.contains(part))
            }
        }
    }

    @Test func geoJSONHasClosedRings() async throws {
        try await withServer(store) { client in
            let answer = try await client.get("/v1/risk/2021-12-31", ["Accept": "application/geo+json"])
            #expect(answer.headers["content-type"] == "application/geo+json")
            #expect(answer.headers["vary"] == "Accept, Accept-Encoding")
            let json = try answer.json()
            #expect(json["type"] as? String == "FeatureCollection")
            let features = try #require(json["features"] as? [[String: Any]])
            #expect(features.count == 7)
            for feature in features {
                let geometry = try #require(feature["geometry"] as? [String: Any])
                #expect(geometry["type"] as? String == "Polygon")
                let ring = try #require((geometry["coordinates"] as? [[[Double]]])?.first)
                #expect(ring.count == 7)
                #expect(ring.first == ring.last)
                #expect(ring.allSatisfy { (-79.5 ... -79.2).contains($0[0]) && (43.5...43.8).contains($0[1]) })
            }
        }
    }

    /// The vertices come from PyPI h3: `cell_to_boundary('869b43637ffffff')`.
    @Test func aCellOnTheAntimeridianIsCutInTwo() async throws {
        let cell = try H3Cell("869b43637ffffff")
        let vertices = [
            (-17.015296418940682, -179.99592759298622), (-16.992239319581202, -179.97057199910503),
            (-16.960409261217507, -179.9762551076829), (-16.95164180725779, 179.9927263738282),
            (-16.974687854286778, 179.9673842304316), (-17.006512402423077, 179.97304715567543),
        ]
        let store = MemoryStore { $0.rows = [.example(cell)] }
        try await withServer(store) { client in
            let json = try await client.get("/v1/risk/2021-12-31?f=geojson&cell=\(cell)").json()
            let feature = try #require((json["features"] as? [[String: Any]])?.first)
            let geometry = try #require(feature["geometry"] as? [String: Any])
            #expect(geometry["type"] as? String == "MultiPolygon")
            let rings = try #require(geometry["coordinates"] as? [[[[Double]]]]).map { $0[0] }
            #expect(rings.count == 2)
            for ring in rings {
                #expect(ring.first == ring.last)
                #expect(ring.allSatisfy { $0[0] >= 179 } || ring.allSatisfy { $0[0] <= -179 })
            }
            for (latitude, longitude) in vertices {
                let isThere = rings.joined().contains {
                    abs($0[0] - longitude) < 1e-9 && abs($0[1] - latitude) < 1e-9
                }
                #expect(isThere)
            }
        }
    }

    @Test func aLongAnswerIsCompressedForThoseWhoTakeIt() async throws {
        try await withServer(store) { client in
            let path = "/v1/risk/2021-12-31?f=geojson"
            let plain = try await client.get(path)
            let gzip = try await client.get(path, ["Accept-Encoding": "gzip"])
            #expect(plain.headers["content-encoding"] == nil)
            #expect(gzip.headers["content-encoding"] == "gzip")
            #expect(gzip.body.count < plain.body.count / 2)
            #expect(try gzip.unchunked().prefix(2) == Data([0x1f, 0x8b]))
        }
    }

    @Test(arguments: [
        ("/v1/risk/tomorrow", "date"), ("/v1/risk/2021-02-30", "date"), ("/v1/risk/2021-12-31?limit=0", "limit"),
        ("/v1/risk/2021-12-31?cell=882b9bc445fffff&resolution=7", "cell"), ("/v1/risk/2021-12-31?after=x", "after"),
        ("/v1/risk/2021-12-31?date=2021-12-31", "date"), ("/v1/risk/2021-12-31?resolution=10", "resolution"),
    ])
    func aBadParameterIs400NamingIt(path: String, field: String) async throws {
        try await withServer(store) { client in
            let answer = try await client.get(path)
            #expect(answer.status == 400)
            #expect((try answer.json()["errors"] as? [[String: String]])?.map { $0["field"] } == [field])
        }
        #expect(store.now.riskQueries.isEmpty)
    }
}
