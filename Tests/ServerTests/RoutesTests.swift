import Domain
import Foundation
import TestDomain
import Testing

@testable import Server

@Suite struct RoutesTests {
    private struct Inside: Error, CustomStringConvertible {
        let description = "SELECT secret FROM users"
    }

    private struct Busy: TemporarilyUnavailable {
        let retryAfter = Duration.seconds(3)
    }

    @Test(arguments: ["/nothing", "/v1", "/v1/", "/v1/tiles", "/v2/tiles.json", "/v1/tiles/1/0/0.png", "/V1/events"])
    func anUnknownAddressIsAProblem(path: String) async throws {
        try await withServer { client in
            let answer = try await client.get(path)
            #expect(answer.status == 404)
            #expect(answer.headers["content-type"] == "application/problem+json")
            let json = try answer.json()
            #expect(json["status"] as? Int == 404)
            #expect(json["title"] as? String == "Not Found")
            #expect(json["type"] as? String == "about:blank")
        }
    }

    @Test(arguments: ["POST", "PUT", "PATCH", "DELETE", "TRACE", "QUERY"])
    func anotherMethodIs405WithAllow(method: String) async throws {
        try await withServer { client in
            for path in ["/v1/tiles.json", "/v1/tiles/1/0/0.mvt", "/tiles/1/0/0.mvt", "/v1/health/live"] {
                let answer = try await client.send(method, path)
                #expect(answer.status == 405)
                #expect(answer.headers["allow"] == "GET, HEAD, OPTIONS")
                #expect(answer.headers["content-type"] == "application/problem+json")
            }
        }
    }

    @Test func optionsTellsTheMethodsOfAnAddress() async throws {
        try await withServer { client in
            let answer = try await client.send("OPTIONS", "/v1/analytics/runs/1")
            #expect(answer.status == 204)
            #expect(answer.headers["allow"] == "GET, HEAD, DELETE, OPTIONS")
            #expect(try await client.send("OPTIONS", "/nothing").status == 404)
        }
    }

    @Test func aMethodThatNobodyKnowsIs501() async throws {
        try await withServer { client in
            for path in ["/v1/events", "/nothing"] {
                let answer = try await client.send("PROPFIND", path)
                #expect(answer.status == 501)
                #expect(answer.headers["content-type"] == "application/problem+json")
            }
        }
    }

    @Test func aListThatTheClientHasIs304() async throws {
        try await withServer { client in
            for encoding in ["identity", "gzip"] {
                let first = try await client.get("/v1/datasets", ["Accept-Encoding": encoding])
                let tag = try #require(first.headers["etag"])
                let again = try await client.get("/v1/datasets", ["Accept-Encoding": encoding, "If-None-Match": tag])
                #expect(again.status == 304)
                #expect(again.body.isEmpty)
                #expect(again.headers["etag"] == tag)
                #expect(again.headers["vary"] == first.headers["vary"])
            }
            #expect(try await client.get("/v1/datasets", ["If-None-Match": "\"other\""]).status == 200)
            #expect(try await client.get("/nothing").headers["etag"] == nil)
        }
    }

    @Test func aBodyIsRefused() async throws {
        try await withServer { client in
            let answer = try await client.send("GET", "/v1/datasets", body: "{}")
            #expect(answer.status == 400)
        }
    }

    @Test func aFaultTellsNothingOfTheInside() async throws {
        try await withServer(MemoryStore { $0.failure = Inside() }) { client in
            for path in [
                "/v1/tiles/1/0/0.mvt", "/v1/tiles.json", "/v1/hotspots", "/v1/risk/2021-12-31", "/v1/datasets",
            ] {
                let answer = try await client.get(path)
                #expect(answer.status == 500)
                #expect(answer.headers["content-type"] == "application/problem+json")
                #expect(answer.headers["cache-control"] == "no-store")
                #expect(!answer.text.contains("SELECT"))
                #expect(!answer.text.contains("secret"))
            }
        }
    }

    @Test func aBusyStoreIs503WithRetryAfter() async throws {
        try await withServer(MemoryStore { $0.failure = Busy() }) { client in
            let answer = try await client.get("/v1/tiles.json")
            #expect(answer.status == 503)
            #expect(answer.headers["retry-after"] == "3")
        }
    }

    @Test func anAnswerThatTakesTooLongIs503() async throws {
        let store = MemoryStore { $0.tileDelay = .seconds(600) }
        try await withServer(store, ServerConfiguration(port: 0, requestTimeout: .milliseconds(50))) { client in
            let answer = try await client.get("/v1/tiles/1/0/0.mvt")
            #expect(answer.status == 503)
            #expect(answer.headers["retry-after"] != nil)
        }
    }

    @Test func aRequestInFlightIsAnsweredWhenTheServerEnds() async throws {
        let store = MemoryStore { $0.tileDelay = .milliseconds(300) }
        let request = try await withServer(store) { client in
            let request = Task { try await client.get("/v1/tiles/1/0/0.mvt") }
            // The request itself loads the list of datasets, so it has arrived and waits for its tile.
            while store.now.datasetsAsked == 0 { await Task.yield() }
            return request
        }
        #expect(try await request.value.status == 200)
    }

    @Test func whatIsNoHTTPIs400() async throws {
        try await withServer { client in
            let answer = try await client.exchange("nonsense\r\n\r\n")
            #expect(answer.status == 400)
        }
    }

    @Test func datasetsAreListed() async throws {
        let store = MemoryStore { state in
            state.datasets.append(
                .changed { status in
                    status.dataset.slug = "secret"
                    status.dataset.visibility = .private
                })
        }
        try await withServer(store) { client in
            let answer = try await client.get("/v1/datasets")
            let items = try #require(try answer.json()["items"] as? [[String: Any]])
            #expect(items.map { $0["dataset"] as? String } == ["toronto"])
            #expect(items[0]["bounds"] as? [Double] == [-79.64, 43.58, -79.12, 43.86])
        }
    }
}
