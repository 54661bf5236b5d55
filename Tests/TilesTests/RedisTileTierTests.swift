import Domain
import Foundation
import Logging
import NIOCore
import Redis
import Synchronization
import Telemetry
import TestRedis
import TestSupport
import Testing

@testable import Tiles

@Suite struct RedisTileTierTests {
    private let generation = CurrentGeneration()
    private let source = CountingTileSource(generation: 3)
    /// A dataset name for each test, so that tests can share one server.
    private let dataset: Slug = "t\(UUID().uuidString.lowercased())"

    private let registry = PrometheusRegistry()

    private func tier(_ redis: RedisClient, timeToLive: Duration = .seconds(60)) -> RedisTileTier {
        RedisTileTier(
            redis, above: source, generation: generation, timeToLive: timeToLive, logger: Logger(label: "test"),
            metrics: registry)
    }

    private func count(_ outcome: String) -> String? {
        let series = "tile_requests_total{outcome=\"\(outcome)\",tier=\"redis\",zoom=\"10\"} "
        let line = registry.text().split(separator: "\n").first { $0.hasPrefix(series) }
        return line.map { String($0.dropFirst(series.count)) }
    }

    @Test func hitsAndMissesAreCounted() async throws {
        try await RedisServer.withClient { redis in
            let tier = tier(redis)
            let key = try TileKey.example(dataset: dataset)
            for _ in 0..<4 { _ = try await tier.tile(key) }
            #expect(count("miss") == "1")
            #expect(count("hit") == "3")
            #expect(count("error") == "0")
        }
    }

    @Test func aTileIsMadeOnceAndThenComesFromRedis() async throws {
        try await RedisServer.withClient { redis in
            let key = try TileKey.example(dataset: dataset)
            let made = try await tier(redis).tile(key)
            let kept = try await tier(redis).tile(key)
            #expect(made == kept)
            #expect(source.count == 1)
        }
    }

    @Test func anEmptyTileIsKeptToo() async throws {
        try await RedisServer.withClient { redis in
            let source = CountingTileSource(isEmpty: true)
            let tier = RedisTileTier(
                redis, above: source, generation: generation, logger: Logger(label: "test"))
            let key = try TileKey.example(dataset: dataset)
            for _ in 0..<3 { #expect(try await tier.tile(key).isEmpty) }
            #expect(source.count == 1)
        }
    }

    @Test func keysDoNotMeet() async throws {
        try await RedisServer.withClient { redis in
            let tier = tier(redis)
            let keys = [
                try TileKey.example(dataset: dataset), try TileKey.example(dataset: dataset, levels: [.high]),
                try TileKey.example(dataset: dataset, resolution: 9),
                try TileKey.example(dataset: dataset, day: "2021-12-30"),
            ]
            for _ in 0..<2 {
                for key in keys {
                    let plain = try await tier.tile(key).plain()
                    #expect(plain == ByteBuffer(string: "\(key) 3"))
                }
            }
            #expect(source.count == keys.count)
        }
    }

    @Test func aNewerViewIsNotAnsweredWithAnOlderTile() async throws {
        try await RedisServer.withClient { redis in
            let tier = tier(redis)
            let key = try TileKey.example(dataset: dataset)
            #expect(try await tier.tile(key).generation == 3)
            source.generation.store(4, ordering: .relaxed)
            // The change has not been heard of yet: the tile of the known generation still counts.
            #expect(try await tier.tile(key).generation == 3)
            generation.advance(to: 4)
            #expect(try await tier.tile(key).generation == 4)
        }
    }

    @Test func aTileOfANewerViewIsKeptUnderItsOwnVersion() async throws {
        try await RedisServer.withClient { redis in
            let tier = tier(redis)
            let key = try TileKey.example(dataset: dataset)
            generation.advance(to: 2)
            #expect(try await tier.tile(key).generation == 3)
            #expect(generation.value == 3)
            #expect(try await redis.get(key.text(generation: 2)) == nil)
            #expect(try await redis.get(key.text(generation: 3)) != nil)
            #expect(try await tier.tile(key).generation == 3)
            #expect(source.count == 1)
        }
    }

    @Test func aTileExpires() async throws {
        try await RedisServer.withClient { redis in
            let key = try TileKey.example(dataset: dataset)
            _ = try await tier(redis, timeToLive: .seconds(300)).tile(key)
            let reply = try await redis.command(["PTTL", .text(key.text(generation: 3))])
            guard case .integer(let milliseconds) = reply else {
                Issue.record("PTTL answered \(reply)")
                return
            }
            #expect((1...300_000).contains(milliseconds))
        }
    }

    @Test func aDamagedTileIsMadeAgainAndReplaced() async throws {
        try await RedisServer.withClient { redis in
            let tier = tier(redis)
            let key = try TileKey.example(dataset: dataset)
            let made = try await tier.tile(key)
            let name = key.text(generation: 3)
            let stored = try #require(try await redis.get(name))
            try await redis.set(name, stored.getSlice(at: 0, length: stored.readableBytes - 5)!)
            #expect(try await tier.tile(key) == made)
            #expect(try await tier.tile(key) == made)
            #expect(source.count == 2)
        }
    }

    private func damaged() -> String? {
        registry.text().split(separator: "\n").first { $0.hasPrefix("stored_tiles_damaged_total ") }.map {
            String($0.dropFirst("stored_tiles_damaged_total ".count))
        }
    }

    @Test(arguments: [0, 1, 9, 20, 60, -1])
    func aFlippedByteIsNoticedCountedAndMadeGood(_ place: Int) async throws {
        try await RedisServer.withClient { redis in
            let tier = tier(redis)
            let key = try TileKey.example(dataset: dataset)
            let made = try await tier.tile(key)
            let name = key.text(generation: 3)
            var stored = try #require(try await redis.get(name))
            let whole = stored
            let index = place < 0 ? stored.readableBytes + place : place
            stored.setInteger(stored.getInteger(at: index, as: UInt8.self)! ^ 0x10, at: index)
            try await redis.set(name, stored)
            for _ in 0..<3 { #expect(try await tier.tile(key) == made) }
            #expect(try await redis.get(name) == whole)
            #expect(source.count == 2)
            #expect(damaged() == "1")
        }
    }

    @Test func theTileOfAnotherKeyIsNotServed() async throws {
        try await RedisServer.withClient { redis in
            let tier = tier(redis)
            let keys = [try TileKey.example(dataset: dataset), try TileKey.example(dataset: dataset, resolution: 9)]
            let made = [try await tier.tile(keys[0]), try await tier.tile(keys[1])]
            let other = try #require(try await redis.get(keys[1].text(generation: 3)))
            try await redis.set(keys[0].text(generation: 3), other)
            for _ in 0..<2 { #expect(try await tier.tile(keys[0]) == made[0]) }
            #expect(try await tier.tile(keys[1]) == made[1])
            #expect(source.count == 3)
        }
    }

    @Test func keysOfAnotherTypeAreReplaced() async throws {
        try await RedisServer.withClient { redis in
            generation.advance(to: 3)
            let tier = tier(redis)
            let key = try TileKey.example(dataset: dataset)
            let name = key.text(generation: 3)
            for type in [["LPUSH", name, "x"], ["SADD", name, "x"], ["HSET", name, "x", "y"]] {
                try await redis.del([name])
                _ = try await redis.command(RedisCommand(type.map { .text($0) }))
                let before = source.count
                for _ in 0..<3 { _ = try await tier.tile(key) }
                #expect(source.count == before + 1)
                #expect(try await redis.command(["TYPE", .text(name)]) == .status("string"))
            }
            #expect(damaged() == "3")
        }
    }

    /// Otherwise every tile would wait as long as a server waits for another one.
    @Test func whatStandsInTheLocksPlaceAndIsNoneIsTakenAway() async throws {
        try await RedisServer.withClient { redis in
            generation.advance(to: 3)
            var tier = tier(redis)
            tier.lockLimits = TileLock.Limits(lease: .seconds(5), patience: .seconds(60))
            let places: [(String, RedisCommand)] = try ["LPUSH", "SADD", "SET"].enumerated().map { number, command in
                let key = try TileKey.example(dataset: dataset, resolution: 5 + number)
                let lock = "\(key.text(generation: 3)):lock"
                return (lock, RedisCommand([.text(command), .text(lock), "x"]))
            }
            for (number, (lock, command)) in places.enumerated() {
                _ = try await redis.command(command)
                let start = ContinuousClock.now
                _ = try await tier.tile(try TileKey.example(dataset: dataset, resolution: 5 + number))
                #expect(.now - start < .seconds(30))
                #expect(try await redis.command(["EXISTS", .text(lock)]) == .integer(0))
            }
            #expect(source.count == 3)
        }
    }

    @Test func withoutRedisTilesAreStillMade() async throws {
        // No server listens on the discard port.
        let redis = try RedisClient(url: "redis://127.0.0.1:9/0")
        generation.advance(to: 3)
        let key = try TileKey.example(dataset: dataset)
        for _ in 0..<3 {
            #expect(try await tier(redis).tile(key).plain() == ByteBuffer(string: "\(key) 3"))
        }
        #expect(source.count == 3)
        #expect(count("error") == "3")
        await redis.close()
    }

    /// A source that holds every tile until it is released, so that two processes want one at the same time.
    private final class SlowSource: TileSource {
        let source = CountingTileSource(generation: 3)
        let isHeld = Atomic(true)

        func tile(_ key: TileKey) async throws -> Tile {
            let tile = try await source.tile(key)
            while isHeld.load(ordering: .relaxed) { try await Task.sleep(for: .milliseconds(1)) }
            return tile
        }
    }

    @Test func oneOfTwoProcessesMakesATileForBoth() async throws {
        try await RedisServer.withClient { redis in
            try await RedisServer.withClient { other in
                let slow = SlowSource()
                generation.advance(to: 3)
                let key = try TileKey.example(dataset: dataset)
                let tiers = [redis, other].map {
                    var tier = RedisTileTier($0, above: slow, generation: generation, logger: Logger(label: "test"))
                    // Longer than other tests can keep the machine busy.
                    tier.lockLimits = TileLock.Limits(lease: .seconds(100), patience: .seconds(60))
                    return tier
                }
                let tasks = tiers.map { tier in Task { try await tier.tile(key) } }
                try await until { slow.source.count > 0 }
                // The other process has time enough to make the tile as well, if nothing prevents it.
                try await Task.sleep(for: .milliseconds(100))
                slow.isHeld.store(false, ordering: .relaxed)
                var tiles: Set<Tile> = []
                for task in tasks { tiles.insert(try await task.value) }
                #expect(tiles.count == 1)
                #expect(slow.source.count == 1)
            }
        }
    }

    @Test func theLockIsGivenBackWithTheTile() async throws {
        try await RedisServer.withClient { redis in
            generation.advance(to: 3)
            let key = try TileKey.example(dataset: dataset)
            _ = try await tier(redis).tile(key)
            #expect(try await redis.get("\(key.text(generation: 3)):lock") == nil)
        }
    }

    @Test func aLockWhoseHolderIsGoneDelaysAndDoesNotBlock() async throws {
        try await RedisServer.withClient { redis in
            generation.advance(to: 3)
            let key = try TileKey.example(dataset: dataset)
            let lock = "\(key.text(generation: 3)):lock"
            try await redis.set(lock, ByteBuffer(string: "somebody"), ttl: .milliseconds(50))
            #expect(try await tier(redis).tile(key).generation == 3)
            #expect(source.count == 1)
        }
    }

    @Test func aFailureGivesTheLockBack() async throws {
        struct Broken: TileSource, Error {
            func tile(_ key: TileKey) async throws -> Tile { throw self }
        }
        try await RedisServer.withClient { redis in
            generation.advance(to: 3)
            let key = try TileKey.example(dataset: dataset)
            let broken = RedisTileTier(
                redis, above: Broken(), generation: generation, logger: Logger(label: "test"))
            await #expect(throws: Broken.self) { try await broken.tile(key) }
            #expect(try await tier(redis).tile(key).generation == 3)
        }
    }

    @Test func anOlderVersionStandsInWhileNoTileCanBeMade() async throws {
        struct Away: TileSource, TemporarilyUnavailable {
            var retryAfter: Duration { .seconds(1) }
            func tile(_ key: TileKey) async throws -> Tile { throw self }
        }
        try await RedisServer.withClient { redis in
            let key = try TileKey.example(dataset: dataset)
            let good = try await tier(redis).tile(key)
            generation.advance(to: 5)
            let away = RedisTileTier(redis, above: Away(), generation: generation, logger: Logger(label: "test"))
            let old = try await away.tile(key)
            #expect(old.isStale)
            #expect(old.gzip == good.gzip)
            #expect(old.generation == 3)
        }
    }
}
