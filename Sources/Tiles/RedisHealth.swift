package import Domain
import NIOCore
package import Redis

/// Checks whether Redis answers. Without it tiles are made more often, but nothing fails.
package struct RedisHealth: HealthRepository {
    private let redis: RedisClient

    package init(_ redis: RedisClient) { self.redis = redis }

    package func checks() async -> [HealthCheck] {
        do {
            let start = ContinuousClock.now
            try await redis.ping()
            let latency = start.duration(to: .now)
            return [
                HealthCheck(
                    part: "redis", isWell: true, detail: "answers", isEssential: false, version: await version(),
                    latency: latency)
            ]
        } catch {
            return [
                HealthCheck(
                    part: "redis", isWell: false, detail: "\(error.message); tiles are made without it",
                    isEssential: false)
            ]
        }
    }

    /// The version of Redis or Valkey; `nil` where the account may not ask for it.
    private func version() async -> String? {
        guard case .bulk(let bytes)? = try? await redis.command(["INFO", "server"]) else { return nil }
        let lines = String(buffer: bytes).split(whereSeparator: \.isNewline)
        let versions = ["valkey_version:", "redis_version:"].lazy.compactMap { name in
            lines.first { $0.hasPrefix(name) }?.dropFirst(name.count)
        }
        return versions.first.map(String.init)
    }
}
