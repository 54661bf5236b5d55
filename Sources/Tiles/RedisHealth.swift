package import Domain
package import Redis

/// Checks whether Redis answers. Without it tiles are made more often, but nothing fails.
package struct RedisHealth: HealthRepository {
    private let redis: RedisClient

    package init(_ redis: RedisClient) { self.redis = redis }

    package func checks() async -> [HealthCheck] {
        do {
            try await redis.ping()
            return [HealthCheck(part: "redis", isWell: true, detail: "answers", isEssential: false)]
        } catch {
            return [
                HealthCheck(
                    part: "redis", isWell: false, detail: "\(error.message); tiles are made without it",
                    isEssential: false)
            ]
        }
    }
}
