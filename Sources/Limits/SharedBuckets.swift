package import Metrics
package import Redis

/// Buckets that all processes share in Redis; while Redis is away, those of this process alone.
package struct SharedBuckets: RateBuckets {
    /// Takes from one bucket in one atomic step. It uses the clock of Redis, so the clocks of the processes do not
    /// matter. A bucket that would take longer to fill than an empty one was written before the clock was set back. A
    /// bucket is deleted when it is full. A value that is not a bucket counts as a full one and is replaced.
    private static let script = """
        local now = redis.call('TIME')
        now = now[1] * 1000000 + now[2]
        local cost, window = tonumber(ARGV[1]), tonumber(ARGV[2])
        local held = redis.pcall('GET', KEYS[1])
        held = type(held) == 'string' and tonumber(held) or 0
        if held ~= held then held = 0 end
        local before = math.min(math.max(held, now), now + window)
        local after = before + cost
        if after - now > window then return {0, before - now} end
        if after > now then
            redis.call('SET', KEYS[1], string.format('%.0f', after), 'PX', math.ceil((after - now) / 1000))
        end
        return {1, after - now}
        """

    private let redis: RedisClient
    private let local: LocalBuckets
    private let alone: Counter

    package init(
        _ redis: RedisClient, orElse local: LocalBuckets, metrics: any MetricsFactory = MetricsSystem.factory
    ) {
        self.redis = redis
        self.local = local
        alone = Counter(label: "rate_limits_counted_alone_total", factory: metrics)
    }

    package func take(_ cost: Double, from client: String, _ limit: RateLimit) async -> BucketLevel {
        let microseconds = limit.microseconds(of: cost)
        let reply = try? await redis.command([
            "EVAL", .text(Self.script), "1", .text("hextant:rate:\(limit.name):\(limit.quota):\(client)"),
            .integer(microseconds), .integer(limit.windowMicroseconds),
        ])
        guard case .array(let numbers) = reply, numbers.count == 2, case .integer(let isAdmitted) = numbers[0],
            case .integer(let untilFull) = numbers[1]
        else {
            alone.increment()
            return local.take(cost, from: client, limit)
        }
        return BucketLevel(isAdmitted: isAdmitted == 1, untilFull: untilFull, cost: microseconds, of: limit)
    }
}
