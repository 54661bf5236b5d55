import Accounts
import Foundation
import Testing

@testable import Server

@Suite struct RateLimitTests {
    private func configuration(address: Int = 0, account: Int = 0, tiles: Int = 0) -> ServerConfiguration {
        ServerConfiguration(port: 0, limits: RateLimits(address: address, account: account, tiles: tiles))
    }

    @Test func whoAsksTooOftenIsToldWhenToComeAgain() async throws {
        try await withServer(MemoryStore(), configuration(address: 3)) { client in
            for left in [2, 1, 0] {
                let answer = try await client.get("/v1/datasets")
                #expect(answer.status == 200)
                #expect(answer.headers["ratelimit-policy"] == "\"address\";q=3;w=60")
                #expect(answer.headers["ratelimit"]?.hasPrefix("\"address\";r=\(left);t=") == true)
            }
            let refused = try await client.get("/v1/datasets")
            #expect(refused.status == 429)
            #expect(refused.headers["content-type"] == "application/problem+json")
            #expect(refused.headers["cache-control"] == "no-store")
            // A bucket of three that refills in a minute has the next unit 20 s after it was empty.
            let wait = try #require(refused.headers["retry-after"].flatMap { Int($0) })
            #expect((1...20).contains(wait))
            #expect(refused.headers["ratelimit"]?.wholeMatch(of: /"address";r=0;t=[0-9]+/) != nil)
            // Probes and tiles are not counted in this bucket.
            #expect(try await client.get("/v1/health/live").status == 200)
            #expect(try await client.get("/v1/tiles/1/0/0.mvt").status == 200)
        }
    }

    @Test(arguments: [("/v1/datasets?f=json", 400), ("/v1/datasets/none", 404), ("/nothing", 404), ("/v1/events", 401)])
    func anAnswerThatIsARefusalTellsWhatIsLeft(path: String, status: Int) async throws {
        try await withServer(MemoryStore(), configuration(address: 3)) { client in
            let answer = try await client.get(path)
            #expect(answer.status == status)
            #expect(answer.headers["ratelimit"]?.hasPrefix("\"address\";r=2;t=") == true)
            #expect(answer.headers["ratelimit-policy"] == "\"address\";q=3;w=60")
        }
    }

    @Test func aRouteThatCostsMoreTakesMore() async throws {
        try await withServer(MemoryStore(), configuration(address: 11)) { client in
            for left in [6, 1] {
                let answer = try await client.get("/v1/hotspots")
                #expect(answer.headers["ratelimit"]?.contains("r=\(left);") == true)
            }
            let refused = try await client.get("/v1/hotspots")
            #expect(refused.status == 429)
            let cheap = try await client.get("/v1/datasets")
            #expect(cheap.status == 200)
        }
    }

    @Test func tilesHaveABucketOfTheirOwn() async throws {
        let store = MemoryStore()
        try await withServer(store, configuration(tiles: 2), sources: store.cachedSources) { client in
            // The second tile comes from memory; the third request is refused.
            for status in [200, 200, 429, 429] {
                let answer = try await client.get("/v1/tiles/1/0/0.mvt", ["Accept-Encoding": "gzip"])
                #expect(answer.status == status)
            }
            #expect(try await client.get("/v1/datasets").headers["ratelimit"] == nil)
        }
    }

    @Test func whoTriesCredentialsIsCounted() async throws {
        let store = MemoryStore()
        let accounts = MemoryAccounts()
        var sources = store.sources
        sources.accounts = accounts.sources(AccessVersion(1))
        try await withServer(store, configuration(address: 3, account: 1000), sources: sources) { client in
            let bearer = ["Authorization": "Bearer hxk_wrong"]
            for status in [401, 401, 401, 429] {
                let answer = try await client.get("/v1/datasets", bearer)
                #expect(answer.status == status)
            }
        }
    }

    @Test func keysHaveBucketsOfTheirOwn() async throws {
        let store = MemoryStore()
        let keys = (0..<2).map { _ in Secret.random(.apiKey) }
        let accounts = MemoryAccounts { state in
            for (number, key) in keys.enumerated() {
                state.keys[key.hash] = Principal(identity: .key("k\(number)"), role: .public)
            }
        }
        var sources = store.sources
        sources.accounts = accounts.sources(AccessVersion(1))
        try await withServer(store, configuration(address: 1, account: 2), sources: sources) { client in
            for key in keys {
                for status in [200, 200, 429] {
                    let answer = try await client.get("/v1/datasets", ["Authorization": "Bearer \(key.text)"])
                    #expect(answer.status == status)
                    #expect(answer.headers["ratelimit-policy"] == "\"account\";q=2;w=60")
                }
            }
            #expect(try await client.get("/v1/datasets").status == 200)
        }
    }
}
