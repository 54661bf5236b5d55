import Accounts
import Domain
import Foundation
import Testing

@Suite struct EventsRouteTests {
    private let store = MemoryStore { state in
        state.types = ["Assault", "Break and Enter", "a, b", "b"].map { name in
            EventType(name: name, count: 1, days: LocalDay("2021-12-01")!...LocalDay("2021-12-31")!)
        }
        // Three events share one instant, so that only their sequence distinguishes them.
        state.events = (0..<7).map { index in
            let time = Instant(seconds: 1_640_995_199) + .milliseconds(max(0, index - 2) * 500)
            return StoredEvent(
                cursor: EventCursor(timestamp: time, sequence: Int64(index)),
                eventID: index == 0 ? nil : "id-\(index)", eventType: "Break and Enter", longitude: -79.38,
                latitude: 43.65, attributes: #"{"premises":"House","n":\#(index)}"#)
        }
    }

    @Test func anEventHasItsAttributesAsAnObject() async throws {
        try await withServer(store, as: .analyst) { client in
            let json = try await client.get("/v1/events").json()
            let items = try #require(json["items"] as? [NSDictionary])
            #expect(
                items[0] == [
                    "event_id": NSNull(), "event_type": "Break and Enter", "event_timestamp": "2021-12-31T23:59:59Z",
                    "longitude": -79.38, "latitude": 43.65,
                    "attributes": ["premises": "House", "n": 0] as NSDictionary,
                ])
            #expect(items[3]["event_timestamp"] as? String == "2021-12-31T23:59:59.500000Z")
            #expect(json["next"] is NSNull)
        }
    }

    @Test(arguments: [1, 2, 3, 6, 7])
    func thePagesTogetherHoldEveryEventOnce(limit: Int) async throws {
        try await withServer(store, as: .analyst) { client in
            var seen: [Int] = []
            var path: String? = "/v1/events?limit=\(limit)"
            while let current = path {
                let json = try await client.get(current).json()
                let items = try #require(json["items"] as? [[String: Any]])
                seen += items.compactMap { ($0["attributes"] as? [String: Any])?["n"] as? Int }
                path = (json["next"] as? String).map { String($0.dropFirst(client.origin.count)) }
            }
            #expect(seen == Array(0..<7))
        }
    }

    @Test func theQueryHoldsWhatWasAskedAndSoDoesTheNextPage() async throws {
        try await withServer(store, as: .analyst) { client in
            let query =
                "from=2021-12-01&to=2022-01-01T00:00:00%2B01:00&event_type=Break+and+Enter&bbox=-80,43,-79,44&limit=2"
            let next = try #require(try await client.get("/v1/events?\(query)").json()["next"] as? String)
            _ = try await client.get(String(next.dropFirst(client.origin.count)))
        }
        let queries = store.now.eventQueries
        try #require(queries.count == 2)
        let first = queries[0].query
        // The local midnight of Toronto is 05:00 UTC in winter.
        #expect(first.from == Instant(seconds: 1_638_334_800))
        #expect(first.to == Instant(seconds: 1_640_991_600))
        #expect(first.eventTypes == ["Break and Enter"])
        #expect(queries[1].query == first)
        let last = EventCursor(timestamp: Instant(seconds: 1_640_995_199), sequence: 1)
        #expect(queries.map(\.page) == [PageRequest(limit: 2), PageRequest(after: last, limit: 2)])
    }

    @Test func geoJSONHasPoints() async throws {
        try await withServer(store, as: .analyst) { client in
            let json = try await client.get("/v1/events?f=geojson&limit=1").json()
            let feature = try #require((json["features"] as? [[String: Any]])?.first)
            #expect(
                feature["geometry"] as? NSDictionary
                    == ["type": "Point", "coordinates": [-79.38, 43.65]] as NSDictionary)
            #expect((json["links"] as? [[String: String]])?.first?["rel"] == "next")
        }
    }

    @Test func aPageThatEndsEarlyLeadsToTheNext() async throws {
        let text = String(repeating: "x", count: EventQuery.mostBytes)
        store.change { state in state.events[6].attributes = #"{"n":6,"text":"\#(text)"}"# }
        try await withServer(store, as: .analyst) { client in
            let next = try #require(try await client.get("/v1/events").json()["next"] as? String)
            let last = try await client.get(String(next.dropFirst(client.origin.count))).json()
            #expect((last["items"] as? [Any])?.isEmpty == true)
            #expect(last["next"] is NSNull)
            let whole = try await client.get("/v1/events?f=csv").unchunked()
            #expect(whole.split(separator: UInt8(ascii: "\n")).count == 8)
        }
    }

    @Test func whereAndWhenSingleEventsWereIsForAnalysts() async throws {
        let anonymous = try await withServer(store) { try await $0.get("/v1/events") }
        let known = try await withServer(store, as: .public) { try await $0.get("/v1/events") }
        #expect(anonymous.status == 401)
        #expect(known.status == 403)
        #expect(store.now.eventQueries.isEmpty)
    }

    @Test func eventsOfAPrivateDatasetAreNotShown() async throws {
        store.change { state in state.datasets = [.changed { $0.dataset.visibility = .private }] }
        try await withServer(store, as: .analyst) { client in
            let answer = try await client.get("/v1/events?dataset=toronto")
            #expect(answer.status == 404)
        }
        #expect(store.now.eventQueries.isEmpty)
    }

    @Test(arguments: [
        ("from=2021-12-31T10:00:00", "from"), ("from=2021-12-31&to=2021-12-30", "to"), ("event_type=", "event_type"),
        ("after=5", "after"), ("after=1_x", "after"), ("bbox=1,2,3", "bbox"), ("fields=", "fields"),
        ("fields=event_type,geom", "fields"), ("limit=1001", "limit"), ("f=csv&limit=0", "limit"),
    ])
    func aBadParameterIs400NamingIt(query: String, field: String) async throws {
        try await withServer(store, as: .analyst) { client in
            let answer = try await client.get("/v1/events?\(query)")
            #expect(answer.status == 400)
            #expect((try answer.json()["errors"] as? [[String: String]])?.map { $0["field"] } == [field])
        }
    }
}
