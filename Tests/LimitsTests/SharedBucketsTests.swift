import Foundation
import Logging
import Redis
import Telemetry
import TestRedis
import Testing

@testable import Limits

@Suite struct SharedBucketsTests {
    private let limit = RateLimit(name: "test", quota: 100, window: .seconds(3600))
    private let client = "client \(UUID().uuidString)"
    private let registry = PrometheusRegistry()

    private func buckets(_ redis: RedisClient) -> SharedBuckets {
        SharedBuckets(redis, orElse: LocalBuckets(), metrics: registry)
    }

    @Test func allWhoShareARedisTakeFromOneBucket() async throws {
        try await RedisServer.withClient { one in
            try await RedisServer.withClient { other in
                let (one, other) = (buckets(one), buckets(other))
                #expect(await one.take(60, from: client, limit).remaining == 40)
                #expect(await other.take(30, from: client, limit).remaining == 10)
                let refused = await one.take(20, from: client, limit)
                #expect(!refused.isAdmitted)
                #expect(refused.remaining == 10)
                // Ten units are missing, each of which takes 36 s.
                #expect(refused.retryAfter > .seconds(330))
                #expect(refused.retryAfter <= .seconds(360))
                #expect(await other.take(10, from: client, limit).isAdmitted)
            }
        }
    }

    @Test func ofManyAtOnceNoMoreAreAdmittedThanTheBucketHolds() async throws {
        try await RedisServer.withClient { redis in
            let buckets = buckets(redis)
            let admitted = await withTaskGroup(of: Bool.self) { group in
                for _ in 0..<300 { group.addTask { await buckets.take(1, from: client, limit).isAdmitted } }
                return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(admitted == 100)
        }
    }

    @Test func aBucketIsForgottenWhenItIsFull() async throws {
        try await RedisServer.withClient { redis in
            let limit = RateLimit(name: "short", quota: 100, window: .milliseconds(400))
            _ = await buckets(redis).take(50, from: client, limit)
            let name = "hextant:rate:short:100:\(client)"
            guard case .integer(let left) = try await redis.command(["PTTL", .text(name)]) else {
                Issue.record("PTTL gives a number")
                return
            }
            // -2 means that the key is gone.
            #expect(left <= 200)
            while case .integer(1) = try await redis.command(["EXISTS", .text(name)]) { await Task.yield() }
            #expect(await buckets(redis).take(0, from: client, limit).remaining == 100)
        }
    }

    @Test func aClockThatWasSetBackLocksNobodyOut() async throws {
        try await RedisServer.withClient { redis in
            let name = "hextant:rate:test:100:\(client)"
            _ = try await redis.command(["SET", .text(name), "9000000000000000", "PX", "60000"])
            let refused = await buckets(redis).take(1, from: client, limit)
            #expect(!refused.isAdmitted)
            #expect(refused.untilFull == .seconds(3600))
        }
    }

    @Test(arguments: [
        ["LPUSH", "x"], ["SADD", "x"], ["HSET", "x", "y"], ["SET", "nonsense"], ["SET", "nan"], ["SET", "-inf"],
        ["SET", ""],
    ])
    func whatIsNoBucketIsReplaced(_ command: [String]) async throws {
        try await RedisServer.withClient { redis in
            let name = "hextant:rate:test:100:\(client)"
            let words = [command[0], name] + command.dropFirst()
            _ = try await redis.command(RedisCommand(words.map { .text($0) }))
            #expect(await buckets(redis).take(60, from: client, limit).remaining == 40)
            #expect(await buckets(redis).take(30, from: client, limit).remaining == 10)
            #expect(await !buckets(redis).take(20, from: client, limit).isAdmitted)
            #expect(!registry.text().contains("rate_limits_counted_alone_total 1"))
            try await redis.del([name])
        }
    }

    @Test func withoutRedisEachCountsForItself() async throws {
        let redis = RedisClient(
            configuration: RedisConfiguration(host: "127.0.0.1", port: 1), logger: Logger(label: "test"))
        let buckets = buckets(redis)
        for left in (0..<100).reversed() {
            #expect(await buckets.take(1, from: client, limit).remaining == left)
        }
        #expect(await !buckets.take(1, from: client, limit).isAdmitted)
        #expect(registry.text().contains("rate_limits_counted_alone_total 101"))
        await redis.close()
    }
}
