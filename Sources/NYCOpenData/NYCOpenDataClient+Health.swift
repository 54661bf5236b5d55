import Domain
import Fetch
import Foundation
import NIOCore
import Redis

/// The state of a client and of what it depends on.
///
/// ```swift
/// let health = await client.healthCheck()
/// for part in health.parts where part.state != .healthy { print(part.name, part.state, part.detail) }
/// print(health.cache.memoryHits, "of", health.cache.hits + health.cache.misses, "answers from memory")
/// ```
public struct NYCHealth: Hashable, Sendable, Codable {
    /// A state; the later ones are worse.
    public enum State: String, Hashable, Sendable, Codable, CaseIterable, Comparable {
        /// It works.
        case healthy
        /// It works in part, or something works in its place.
        case degraded
        /// It does not work.
        case down

        /// Whether a state is better than another.
        public static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }

        private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
    }

    /// A part: a dataset, the breaker, or the cache in Redis.
    public struct Part: Hashable, Sendable, Codable {
        /// `dob-violations` and so on, `breaker`, or `redis`.
        public let name: String
        /// Its state.
        public let state: State
        /// The reason, as a sentence without its full stop.
        public let detail: String
        /// How long it took to answer, in milliseconds; `nil` where nothing was asked.
        public let milliseconds: Double?
    }

    /// The figures of the cache since the client was made, and what it holds.
    public struct Cache: Hashable, Sendable, Codable {
        /// Answers in memory.
        public let answers: Int
        /// Their bytes.
        public let bytes: Int
        /// Answers that were given from memory.
        public let memoryHits: Int
        /// Answers that were given from Redis.
        public let sharedHits: Int
        /// Answers that had to be asked for.
        public let misses: Int
        /// Those of them that the site said are still right.
        public let confirmed: Int
        /// Those of them that were old ones, because the site was down.
        public let stale: Int

        /// Answers from memory and Redis.
        public var hits: Int { memoryHits + sharedHits }
    }

    /// The figures of requests since the client was made.
    public struct Requests: Hashable, Sendable, Codable {
        /// Tries, repeated ones included.
        public let tries: Int
        /// Tries without an answer, or with a status from 500 on.
        public let failures: Int
        /// Requests that wait for a connection now.
        public let waiting: Int
    }

    /// The parts.
    public let parts: [Part]
    /// The figures of the cache.
    public let cache: Cache
    /// The figures of requests.
    public let requests: Requests

    /// The state of all: down when no dataset answers, degraded when a part is not healthy.
    public var state: State {
        let datasets = parts.filter { NYCSource(rawValue: $0.name) != nil }
        if !datasets.isEmpty, datasets.allSatisfy({ $0.state == .down }) { return .down }
        return parts.contains { $0.state != .healthy } ? .degraded : .healthy
    }
}

extension NYCOpenDataClient {
    /// Asks each dataset for one row, without cache and repetition, and Redis whether it answers.
    ///
    /// ```swift
    /// guard await client.healthCheck().state != .down else { return }
    /// ```
    /// It never throws: a part that cannot be asked is down. In a cancelled task all of them are.
    /// - Parameter sources: The datasets to ask.
    public func healthCheck(_ sources: Set<NYCSource> = NYCSource.standard) async -> NYCHealth {
        let asked = NYCSource.allCases.filter(sources.contains)
        var parts = await withTaskGroup(of: (Int, NYCHealth.Part).self) { group in
            for (place, source) in asked.enumerated() { group.addTask { [self] in (place, await health(of: source)) } }
            var parts: [(Int, NYCHealth.Part)] = []
            for await part in group { parts.append(part) }
            return parts.sorted { $0.0 < $1.0 }.map(\.1)
        }
        let hosts = fetcher.hosts.map(\.figures)
        parts.append(Self.breaker(hosts))
        if let redis { parts.append(await Self.health(of: redis)) }
        let cached = fetcher.cached
        return NYCHealth(
            parts: parts,
            cache: NYCHealth.Cache(
                answers: cached.answers, bytes: cached.bytes, memoryHits: cached.memoryHits,
                sharedHits: cached.sharedHits, misses: cached.misses, confirmed: cached.confirmed, stale: cached.stale),
            requests: NYCHealth.Requests(
                tries: hosts.reduce(0) { $0 + $1.requests }, failures: hosts.reduce(0) { $0 + $1.failures },
                waiting: fetcher.waiting))
    }

    private func health(of source: NYCSource) async -> NYCHealth.Part {
        let began = ContinuousClock.now
        do {
            var request = try request(source, [("$select", ":id"), ("$limit", "1")])
            request.retries = 0
            let page = try Page(try await fetcher.answer(request).body.readableBytesView)
            // Datasets have turned empty when another took their place.
            return NYCHealth.Part(
                name: source.rawValue, state: page.rows.isEmpty ? .degraded : .healthy,
                detail: page.rows.isEmpty ? "the dataset has no rows" : "answers",
                milliseconds: (ContinuousClock.now - began).milliseconds)
        } catch {
            let problem = NYCDataError(error, source)?.description ?? "the task was cancelled"
            return NYCHealth.Part(
                name: source.rawValue, state: .down,
                detail: error is DecodingError ? "the answer is not an array of rows" : problem,
                milliseconds: (ContinuousClock.now - began).milliseconds)
        }
    }

    private static func breaker(_ hosts: [HostFigures]) -> NYCHealth.Part {
        let worst = hosts.map(\.breaker).max { $0.rawValue < $1.rawValue } ?? .closed
        let (state, detail): (NYCHealth.State, String) =
            switch worst {
            case .closed: (.healthy, "closed: requests go to the site")
            case .halfOpen: (.degraded, "half open: one request tries whether the site is back")
            case .open: (.down, "open: the site failed several times in a row and is left alone")
            }
        return NYCHealth.Part(name: "breaker", state: state, detail: detail, milliseconds: nil)
    }

    private static func health(of redis: RedisClient) async -> NYCHealth.Part {
        let began = ContinuousClock.now
        do {
            try await redis.ping()
            return NYCHealth.Part(
                name: "redis", state: .healthy, detail: "answers",
                milliseconds: (ContinuousClock.now - began).milliseconds)
        } catch {
            return NYCHealth.Part(
                name: "redis", state: .down, detail: error.description,
                milliseconds: (ContinuousClock.now - began).milliseconds)
        }
    }
}

extension Duration {
    fileprivate var milliseconds: Double { (self / .milliseconds(1) * 10).rounded() / 10 }
}
