import Fetch
import Foundation
import Synchronization
import TestRedis
import TestSources
import Testing

@testable import NYCOpenData

/// The health check, and the cache that processes share.
@Suite struct HealthTests {
    private let lot: BBL

    init() throws {
        lot = try BBL("1007900009")
    }

    @Test func eachPartIsToldWithItsFigures() async throws {
        let client = try NYCOpenDataClient(FakeSite(CityRows.answer))
        for _ in 0..<3 { _ = try await client.getHPDViolations(lot) }
        let health = await client.healthCheck()
        #expect(
            health.parts.map(\.name) == ["dob-violations", "hpd-violations", "311-complaints", "permits", "breaker"])
        #expect(health.parts.allSatisfy { $0.state == .healthy })
        #expect(health.state == .healthy)
        #expect(health.parts.dropLast().allSatisfy { ($0.milliseconds ?? -1) >= 0 })
        #expect(health.cache.misses == 1)
        #expect(health.cache.memoryHits == 2)
        #expect(health.cache.hits == 2)
        #expect(health.cache.answers == 1)
        #expect(health.cache.bytes > CityRows.hpd.utf8.count)
        // One for the rows, and one for each dataset.
        #expect(health.requests == NYCHealth.Requests(tries: 5, failures: 0, waiting: 0))
    }

    @Test func itAsksForOneRowAndNotTheCache() async throws {
        let site = FakeSite(CityRows.answer)
        let client = try NYCOpenDataClient(site)
        for _ in 0..<2 { _ = await client.healthCheck([.permits]) }
        #expect(site.requests.count == 2)
        #expect(site.requests.allSatisfy { $0.query["$limit"] == "1" })
    }

    @Test func aDatasetWithoutRowsIsDegraded() async throws {
        let site = FakeSite { request in request.path.contains("erm2") ? .json("[]") : CityRows.answer(request) }
        let health = await (try NYCOpenDataClient(site)).healthCheck()
        #expect(health.state == .degraded)
        #expect(health.parts.filter { $0.state != .healthy }.map(\.name) == ["311-complaints"])
    }

    @Test func aDatasetThatIsGoneIsDownAndTheOthersAreNot() async throws {
        let site = FakeSite { request in
            request.path.contains("3h2n") ? .json(#"{"message": "gone"}"#, status: 404) : CityRows.answer(request)
        }
        let health = await (try NYCOpenDataClient(site)).healthCheck()
        #expect(health.state == .degraded)
        let part = try #require(health.parts.first)
        #expect(part.state == .down)
        #expect(part.detail.contains("gone"))
    }

    @Test func aSiteThatIsDownIsAskedOnceForEachDatasetAndThenLeftAlone() async throws {
        let site = FakeSite { _ in .html(503) }
        let client = try NYCOpenDataClient(site)
        let health = await client.healthCheck(Set(NYCSource.allCases))
        #expect(health.state == .down)
        #expect(site.requests.count == 5)
        let breaker = try #require(health.parts.first { $0.name == "breaker" })
        #expect(breaker.state == .down)
        #expect(health.requests.failures == 5)
        _ = await client.healthCheck()
        #expect(site.requests.count == 5)
    }

    @Test func figuresOfConfirmedAndStaleAnswersAreCounted() async throws {
        let isDown = Mutex(false)
        let site = FakeSite { request in
            if isDown.withLock({ $0 }) { return .html(500) }
            guard request.headers["if-none-match"] == nil else { return FakeSite.Reply(status: 304) }
            var reply = CityRows.answer(request)
            reply.headers["ETag"] = #""v1""#
            return reply
        }
        let clock = CityClock()
        let client = try NYCOpenDataClient(site, clock: clock)
        _ = try await client.getHPDViolations(lot)
        clock.pass(.seconds(400))
        _ = try await client.getHPDViolations(lot)
        clock.pass(.seconds(400))
        isDown.withLock { $0 = true }
        #expect(try await client.getHPDViolations(lot).isStale)
        let cache = await client.healthCheck([]).cache
        #expect(cache.misses == 3)
        #expect(cache.confirmed == 1)
        #expect(cache.stale == 1)
    }

    @Test func processesShareAnswersInRedis() async throws {
        _ = try RedisServer.configuration()
        let url = try #require(ProcessInfo.processInfo.environment["HEXTANT_REDIS_URL"])
        let name = UUID().uuidString.lowercased()
        let sites = [FakeSite(CityRows.answer), FakeSite(CityRows.answer)]
        let clients = try sites.map { site in
            try NYCOpenDataClient(site) { configuration in
                configuration.redisURL = url
                configuration.site = "https://data.example/\(name)"
                configuration.appToken = "s3cr3t"
            }
        }
        let first = try await clients[0].getHPDViolations(lot)
        let second = try await clients[1].getHPDViolations(lot)
        #expect(second.origin == .shared)
        #expect(second.rows == first.rows)
        #expect(second.retrieved == first.retrieved)
        #expect(sites.map(\.requests.count) == [1, 0])
        let health = await clients[1].healthCheck([.permits])
        #expect(health.parts.first { $0.name == "redis" }?.state == .healthy)
        #expect(health.cache.sharedHits == 1)
        for client in clients { await client.close() }
    }

    @Test func withoutItsRedisAClientAsksTheSite() async throws {
        let site = FakeSite(CityRows.answer)
        // Nothing listens on the port of the discard service.
        let client = try NYCOpenDataClient(site) { $0.redisURL = "redis://127.0.0.1:9" }
        #expect(try await client.getHPDViolations(lot).origin == .source)
        let health = await client.healthCheck()
        #expect(health.state == .degraded)
        #expect(health.parts.first { $0.name == "redis" }?.state == .down)
        await client.close()
    }
}
