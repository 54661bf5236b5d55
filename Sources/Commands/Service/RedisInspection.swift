import Foundation
import NIOCore
import Redis
import Storage

/// Inspects the Redis that tiles are cached in.
struct RedisInspection {
    let redis: RedisClient

    func findings() async -> [Finding] {
        do {
            let facts = try await facts()
            return [version(facts), memory(facts), hits(facts), try await clock()]
        } catch {
            return [
                Finding(
                    "redis", .bad, "\(error)",
                    advice: "start it, or correct redis_url; until then every server makes its own tiles")
            ]
        }
    }

    private func facts() async throws -> [Substring: Substring] {
        guard case .bulk(let bytes) = try await redis.command(["INFO"]) else { return [:] }
        let lines = String(decoding: bytes.readableBytesView, as: UTF8.self).split(whereSeparator: \.isNewline)
        return lines.reduce(into: [:]) { facts, line in
            let parts = line.split(separator: ":", maxSplits: 1)
            if parts.count == 2 { facts[parts[0]] = parts[1] }
        }
    }

    private func version(_ facts: [Substring: Substring]) -> Finding {
        let version = facts["valkey_version"] ?? facts["redis_version"] ?? "unknown"
        guard let major = Int(facts["redis_version", default: ""].prefix { $0 != "." }), major >= 6 else {
            return Finding("redis", .bad, "version \(version)", advice: "hextant needs Redis 6 or newer, or Valkey")
        }
        return Finding("redis", "version \(version)")
    }

    private func memory(_ facts: [Substring: Substring]) -> Finding {
        let limit = Int(facts["maxmemory", default: "0"]) ?? 0
        let policy = facts["maxmemory_policy", default: "?"]
        let detail = "maxmemory \(limit == 0 ? "is not set" : "\(limit >> 20) MiB"), \(policy)"
        guard limit > 0, policy.hasPrefix("allkeys") else {
            return Finding(
                "redis memory", .advice, detail,
                advice: "set maxmemory and maxmemory-policy allkeys-lfu, so that the cache does not fill the machine")
        }
        return Finding("redis memory", detail)
    }

    private func hits(_ facts: [Substring: Substring]) -> Finding {
        let hits = Double(facts["keyspace_hits", default: "0"]) ?? 0
        let all = hits + (Double(facts["keyspace_misses", default: "0"]) ?? 0)
        guard all >= 10_000 else { return Finding("redis hits", "too few requests yet to judge") }
        let detail = "\((hits / all * 1000).rounded() / 10) % of the keys asked for were found"
        guard hits / all < 0.5, let evicted = Int(facts["evicted_keys", default: "0"]), evicted > 0 else {
            return Finding("redis hits", detail)
        }
        return Finding(
            "redis hits", .advice, "\(detail), \(evicted) were evicted", advice: "give it more memory (maxmemory)")
    }

    private func clock() async throws -> Finding {
        let before = Date().timeIntervalSince1970
        guard case .array(let parts) = try await redis.command(["TIME"]), parts.count == 2,
            case .bulk(let seconds) = parts[0],
            let theirs = Double(String(decoding: seconds.readableBytesView, as: UTF8.self))
        else {
            return Finding(
                "redis clock", .advice, "does not report its time", advice: "check that redis_url is the URL of a Redis"
            )
        }
        // Redis reports whole seconds.
        let skew = theirs > Date().timeIntervalSince1970 ? theirs - before : min(0, theirs + 1 - before)
        guard abs(skew) >= 2 else { return Finding("redis clock", "agrees with this machine's") }
        return Finding(
            "redis clock", .advice, "is \(Int(skew)) s from this machine's", advice: "synchronise the clocks with NTP")
    }
}
