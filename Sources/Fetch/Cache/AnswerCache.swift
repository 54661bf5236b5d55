import Caching
import Domain
import Synchronization

/// How long answers are kept.
package struct CachePolicy: Hashable, Sendable {
    /// The largest sum of bodies in memory, in bytes.
    package var memoryBytes = 64 << 20
    /// How long an answer is given from memory without asking the source.
    package var fresh = Duration.seconds(300)
    /// How long an answer that another process got is given without asking.
    package var sharedFresh = Duration.seconds(3600)
    /// How long the last good answer stands in while the source is down.
    package var stale = Duration.seconds(86_400)

    package init() {}
}

/// Keeps good answers in memory, and in a store that processes share if there is one.
final class AnswerCache: Sendable {
    /// A place where an answer was found; the raw value is the label `tier` of the metric `feed_cache_hits_total`.
    enum Tier: String, Sendable {
        case memory
        case shared
    }

    private let policy: CachePolicy
    private let shared: (any SharedAnswers)?
    private let memory: Mutex<Sieve<String, StoredAnswer>>

    init(_ policy: CachePolicy, shared: (any SharedAnswers)?) {
        self.policy = policy
        self.shared = shared
        memory = Mutex(Sieve(limit: policy.memoryBytes))
    }

    /// An answer that needs no asking.
    func fresh(_ key: String, now: Instant) async -> (answer: StoredAnswer, tier: Tier)? {
        if let held = memory.withLock({ $0.value(key) }), now - held.confirmed < policy.fresh { return (held, .memory) }
        guard let held = await shared?.answer(key), now - held.confirmed < policy.sharedFresh else { return nil }
        return (held, .shared)
    }

    /// The last good answer, however old, as long as it may stand in.
    func last(_ key: String, now: Instant) async -> StoredAnswer? {
        var held = memory.withLock { $0.value(key) }
        if held == nil { held = await shared?.answer(key) }
        return held.flatMap { now - $0.confirmed < policy.stale ? $0 : nil }
    }

    func keep(_ answer: StoredAnswer, _ key: String) async {
        _ = memory.withLock { $0.set(key, answer, cost: answer.cost) }
        await shared?.keep(answer, key, for: policy.stale)
    }

    var figures: (answers: Int, bytes: Int) { memory.withLock { ($0.count, $0.cost) } }
}
