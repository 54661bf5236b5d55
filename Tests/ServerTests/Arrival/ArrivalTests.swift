import Foundation
import Testing

@testable import Server
@testable import Web

@Suite struct ArrivalTests {
    private func configuration(_ change: (inout ArrivalPolicy) throws -> Void) rethrows -> ServerConfiguration {
        var configuration = ServerConfiguration(port: 0)
        try change(&configuration.arrival)
        return configuration
    }

    private func tileAddress(_ client: WireClient, _ path: String, _ headers: [String: String]) async throws -> String {
        let answer = try await client.get(path, headers)
        return try #require((try answer.json()["tiles"] as? [String])?.first)
    }

    @Test func everyAnswerHasAnIdAndTheTraceOfItsRequest() async throws {
        let trace = "0af7651916cd43dd8448eb211c80319c"
        try await withServer { client in
            for (method, path) in [
                ("GET", "/v1/datasets"), ("GET", "/nothing"), ("POST", "/v1/datasets"),
                ("PROPFIND", "/"), ("OPTIONS", "/v1/events"), ("GET", "/v1/events?x=1"),
            ] {
                let headers = ["X-Request-Id": "mine-1", "traceparent": "00-\(trace)-b7ad6b7169203331-01"]
                let answer = try await client.send(method, path, headers)
                #expect(answer.headers["x-request-id"] == "mine-1")
                let parent = try #require(answer.headers["traceparent"])
                #expect(parent.hasPrefix("00-\(trace)-"))
                #expect(!parent.contains("b7ad6b7169203331"))
                let (one, other) = (try await client.send(method, path), try await client.send(method, path))
                #expect(one.headers["x-request-id"] != other.headers["x-request-id"])
                #expect(one.headers["traceparent"] == nil)
            }
        }
    }

    @Test(arguments: ["a b", "<script>", "", String(repeating: "a", count: 129), "ä", "a;b"])
    func anIdThatIsNotSoundIsReplaced(id: String) async throws {
        try await withServer { client in
            let answer = try await client.get("/v1/datasets", ["X-Request-Id": id])
            #expect(answer.headers["x-request-id"]?.wholeMatch(of: /[0-9a-f]{16}/) != nil)
        }
    }

    @Test func underABasePathLinksHaveItAndAddressesMay() async throws {
        let configuration = try configuration { $0.basePath = try #require(BasePath("/maps/risk")) }
        try await withServer(MemoryStore(), configuration) { client in
            for path in ["/maps/risk/v1/tiles.json", "/v1/tiles.json"] {
                let address = try await tileAddress(client, path, [:])
                #expect(address.hasPrefix("\(client.origin)/maps/risk/v1/tiles/{z}/"))
            }
            let moved = try await client.get("/maps/risk?a=1")
            #expect(moved.status == 308)
            #expect(moved.headers["location"] == "/maps/risk/?a=1")
            #expect(try await client.get("/maps/riskv1/tiles.json").status == 404)
            #expect(try await client.get("/maps/risk/maps/risk/v1/tiles.json").status == 404)
        }
    }

    @Test func underABasePathOtherSpellingsAreMovedToItAndFiguresOfTheInsideAreNot() async throws {
        let configuration = try configuration { $0.basePath = try #require(BasePath("/maps/risk")) }
        try await withServer(MemoryStore(), configuration) { client in
            for (path, address) in [
                ("/maps//risk/v1/datasets/", "/maps/risk/v1/datasets"), ("/m%61ps/risk", "/maps/risk/"),
                ("/maps/risk/v1//datasets?a=%2F", "/maps/risk/v1/datasets?a=%2F"), ("/v1/datasets/", "/v1/datasets"),
            ] {
                let answer = try await client.get(path)
                #expect(answer.status == 308, "\(path)")
                #expect(answer.headers["location"] == address, "\(path)")
            }
            #expect(try await client.get("/metrics").status == 200)
            for path in [
                "/maps/risk/metrics", "/maps/risk/metrics/", "/maps/risk//metrics", "/maps/risk/maps/risk/metrics",
            ] {
                #expect(try await client.get(path).status == 404)
            }
        }
    }

    @Test(arguments: ["maps", "/maps/", "//x", "/a//b", "/..", "/.", "/a/../b", "/a b", "/%2e", "/a?b", "/ä"])
    func whatIsNoBasePathIsRefused(text: String) {
        #expect(BasePath(text) == nil)
    }

    @Test func aTrustedProxySaysWhatLinksBeginWith() async throws {
        let headers = [
            "X-Forwarded-For": "192.0.2.1", "X-Forwarded-Proto": "https", "X-Forwarded-Host": "maps.example.org",
        ]
        let trusting = try configuration { $0.trust = ProxyTrust([try #require(AddressBlock("127.0.0.0/8"))]) }
        try await withServer(MemoryStore(), trusting) { client in
            let address = try await tileAddress(client, "/v1/tiles.json", headers)
            #expect(address.hasPrefix("https://maps.example.org/v1/"))
            let bad = headers.merging(["X-Forwarded-Host": "evil/\"path"]) { $1 }
            let refused = try await client.get("/v1/tiles.json", bad)
            #expect(refused.status == 400)
        }
        let other = try configuration { $0.trust = ProxyTrust([try #require(AddressBlock("10.0.0.0/8"))]) }
        for configuration in [other, ServerConfiguration(port: 0)] {
            try await withServer(MemoryStore(), configuration) { client in
                let address = try await tileAddress(client, "/v1/tiles.json", headers)
                #expect(address.hasPrefix("\(client.origin)/v1/"))
            }
        }
    }

    @Test func aPreflightIsAnsweredAndErrorsMayBeReadToo() async throws {
        let configuration = try configuration { $0.crossOrigin = try #require(CrossOrigin("https://a.example")) }
        try await withServer(MemoryStore(), configuration) { client in
            let headers = ["Origin": "https://a.example", "Access-Control-Request-Method": "DELETE"]
            let preflight = try await client.send("OPTIONS", "/v1/analytics/runs/1", headers)
            #expect(preflight.status == 204)
            #expect(preflight.headers["access-control-allow-origin"] == "https://a.example")
            #expect(preflight.headers["access-control-allow-methods"] == "GET, HEAD, DELETE, OPTIONS")
            for path in ["/v1/datasets", "/nothing", "/v1/events?x=1"] {
                let answer = try await client.get(path, ["Origin": "https://a.example"])
                #expect(answer.headers["access-control-allow-origin"] == "https://a.example")
                let other = try await client.get(path, ["Origin": "https://b.example"])
                #expect(other.headers["access-control-allow-origin"] == nil)
                #expect(other.headers["vary"]?.contains("Origin") == true)
            }
        }
    }
}
