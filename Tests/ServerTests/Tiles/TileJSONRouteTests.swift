import Domain
import Foundation
import Testing

@testable import Server

@Suite struct TileJSONRouteTests {
    @Test func itDescribesTheTiles() async throws {
        let configuration = ServerConfiguration(port: 0, basemap: "https://tiles.example.org/style.json")
        try await withServer(MemoryStore(), configuration) { client in
            let answer = try await client.get("/v1/tiles.json")
            #expect(answer.status == 200)
            #expect(answer.headers["content-type"] == "application/json")
            let json = try answer.json()
            #expect(json["tilejson"] as? String == "3.0.0")
            #expect(json["scheme"] as? String == "xyz")
            #expect(json["attribution"] as? String == "Toronto Police Service")
            #expect(
                json["tiles"] as? [String] == ["\(client.origin)/v1/tiles/{z}/{x}/{y}.mvt?dataset=toronto"])
            #expect(json["minzoom"] as? Int == 0)
            #expect(json["maxzoom"] as? Int == 14)
            #expect(json["bounds"] as? [Double] == [-79.64, 43.58, -79.12, 43.86])
            #expect((json["center"] as? [Double])?.count == 3)
            let layers = try #require(json["vector_layers"] as? [[String: Any]])
            #expect(layers.map { $0["id"] as? String } == ["risk", "meta"])
            let fieldsOfMeta = ["total": "Number", "shown": "Number", "reason": "String"]
            #expect(layers[1]["fields"] as? [String: String] == fieldsOfMeta)
            let layer = layers[0]
            #expect(layer["id"] as? String == "risk")
            #expect(
                layer["fields"] as? [String: String] == [
                    "h3_index": "String", "event_count": "Number", "rolling_7d_avg": "Number",
                    "growth_rate": "Number", "risk_score": "Number", "risk_level": "String", "z_score": "Number",
                    "anomaly": "Boolean", "unusual": "Boolean",
                ])
            let own = try #require(json["hextant"] as? [String: Any])
            #expect(own["dataset"] as? String == "toronto")
            #expect(own["title"] as? String == "Toronto crimes")
            #expect(own["licence"] as? String == "Apache-2.0")
            #expect(own["licence_url"] as? String == "https://www.apache.org/licenses/LICENSE-2.0")
            #expect(own["time_zone"] as? String == "America/Toronto")
            #expect(own["resolutions"] as? [Int] == [5, 6, 7, 8, 9])
            #expect(own["first_day"] as? String == "2014-01-01")
            #expect(own["last_day"] as? String == "2021-12-31")
            #expect(own["generation"] as? Int == 7)
            #expect(own["bounds"] as? [Double] == [-79.64, 43.58, -79.12, 43.86])
            #expect(own["basemap"] as? String == "https://tiles.example.org/style.json")
            #expect(own["sign_in"] as? Bool == false)
        }
    }

    @Test func filtersGoIntoTheAddressOfTheTiles() async throws {
        try await withServer { client in
            let answer = try await client.get("/v1/tiles.json?level=high,critical&resolution=8&date=2020-02-29")
            let query = "dataset=toronto&date=2020-02-29&resolution=8&level=high,critical"
            #expect(
                try answer.json()["tiles"] as? [String]
                    == ["\(client.origin)/v1/tiles/{z}/{x}/{y}.mvt?\(query)"])
        }
    }

    @Test func aPublicURLGoesBeforeTheHost() async throws {
        let configuration = ServerConfiguration(port: 0, publicURL: "https://maps.example.org/risk")
        try await withServer(MemoryStore(), configuration) { client in
            let tiles = try await client.get("/v1/tiles.json").json()["tiles"] as? [String]
            #expect(tiles?.first?.hasPrefix("https://maps.example.org/risk/v1/tiles/{z}/") == true)
        }
    }

    @Test func aHostThatIsNoHostIsRefused() async throws {
        try await withServer { client in
            let answer = try await client.get("/v1/tiles.json", ["Host": "evil\"><script>"])
            #expect(answer.status == 400)
        }
    }

    @Test func aDatasetWithoutScoresIsDescribedToo() async throws {
        let store = MemoryStore { state in
            state.datasets = [
                .changed { status in
                    status.days = nil
                    status.bounds = nil
                }
            ]
        }
        try await withServer(store) { client in
            let json = try await client.get("/v1/tiles.json").json()
            #expect((json["bounds"] as? [Double])?.count == 4)
            #expect((json["hextant"] as? [String: Any])?["last_day"] is NSNull)
            #expect(try await client.get("/v1/tiles/0/0/0.mvt").status == 204)
        }
    }
}
