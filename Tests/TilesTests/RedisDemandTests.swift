import Domain
import Redis
import TestDomain
import TestRedis
import Testing
import TileMath

@testable import Tiles

/// Counts in Redis, at times in the far past that no other test uses.
@Suite struct RedisDemandTests {
    private static func request(_ x: Int, _ dataset: Slug = "a") throws -> TileRequest {
        TileRequest(dataset: dataset, day: LocalDay("2021-06-01"), address: try TileAddress(z: 10, x: x, y: 0))
    }

    @Test func whatAllServersCountedIsAddedUp() async throws {
        let now = Instant(seconds: Int64.random(in: 1_000_000...400_000_000))
        let (one, two, three) = (try Self.request(1), try Self.request(2), try Self.request(3))
        try await RedisServer.withClient { redis in
            let (here, there) = (RedisDemand(redis), RedisDemand(redis))
            try await here.add([one: 3, two: 2], at: now)
            try await there.add([two: 2, three: 1], at: now + .seconds(3000))
            try await here.add([:], at: now)
            #expect(try await there.mostAsked(9, at: now + .seconds(3000)) == [two, one, three])
            #expect(try await there.mostAsked(1, at: now + .seconds(3000)) == [two])
            #expect(try await there.mostAsked(9, at: now - .seconds(7200)) == [])
            #expect(try await there.mostAsked(9, at: now + .seconds(6000)) == [two, three])
        }
    }

    @Test func whatIsOldGoesByItselfAndTheRestIsBounded() async throws {
        let now = Instant(seconds: Int64.random(in: 500_000_000...900_000_000))
        let name = "hextant:asked:1:\(now.seconds / 600)"
        var counts: [TileRequest: Int] = [:]
        for number in 0..<5000 { counts[try Self.request(number % 1024, "d\(number / 1024)")] = 1 + number }
        try await RedisServer.withClient { redis in
            try await RedisDemand(redis).add(counts, at: now)
            guard case .integer(let left) = try await redis.command(["TTL", .text(name)]) else {
                Issue.record("no time to live")
                return
            }
            #expect((1...7200).contains(left))
            #expect(try await redis.command(["ZCARD", .text(name)]) == .integer(4096))
            // Foreign members among ours are not read.
            _ = try await redis.command(["ZADD", .text(name), "1e9", "nonsense"])
            let asked = try await RedisDemand(redis).mostAsked(5000, at: now)
            #expect(Set(asked) == Set(counts.filter { $0.value > 904 }.keys))
            try await redis.del([name])
        }
    }

    @Test func whatIsNoCountIsReplaced() async throws {
        let now = Instant(seconds: Int64.random(in: 1_000_000_000...1_400_000_000))
        let name = "hextant:asked:1:\(now.seconds / 600)"
        let request = try Self.request(1)
        try await RedisServer.withClient { redis in
            _ = try await redis.command(["LPUSH", .text(name), "x"])
            #expect(try await RedisDemand(redis).mostAsked(9, at: now) == [])
            try await RedisDemand(redis).add([request: 3], at: now)
            #expect(try await RedisDemand(redis).mostAsked(9, at: now) == [request])
            try await redis.del([name])
        }
    }

    @Test func aRedisThatIsAwayIsSaid() async throws {
        let redis = RedisClient(configuration: try RedisConfiguration(url: "redis://127.0.0.1:1/0"))
        let start = Instant(seconds: 0)
        await #expect(throws: RedisError.self) { try await RedisDemand(redis).mostAsked(1, at: start) }
        let request = try Self.request(1)
        await #expect(throws: RedisError.self) { try await RedisDemand(redis).add([request: 1], at: start) }
        await redis.close()
    }
}
