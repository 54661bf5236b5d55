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

    private struct State {
        var answers: Sieve<String, StoredAnswer>
        var figures = CacheFigures()
    }

    private let policy: CachePolicy
    private let shared: (any SharedAnswers)?
    private let memory: Mutex<State>

    init(_ policy: CachePolicy, shared: (any SharedAnswers)?) {
        self.policy = policy
        self.shared = shared
        memory = Mutex(State(answers: Sieve(limit: policy.memoryBytes)))
    }

    /// An answer that needs no asking.
    func fresh(_ key: String, now: Instant) async -> (answer: StoredAnswer, tier: Tier)? {
        if let held = memory.withLock({ $0.answers.value(key) }), Self.isYoung(held, policy.fresh, now) {
            count(\.memoryHits)
            return (held, .memory)
        }
        guard let held = await shared?.answer(key), Self.isYoung(held, policy.sharedFresh, now) else {
            count(\.misses)
            return nil
        }
        count(\.sharedHits)
        return (held, .shared)
    }

    /// The last good answer, however old, as long as it may stand in.
    func last(_ key: String, now: Instant) async -> StoredAnswer? {
        var held = memory.withLock { $0.answers.value(key) }
        if held == nil { held = await shared?.answer(key) }
        return held.flatMap { Self.isYoung($0, policy.stale, now) ? $0 : nil }
    }

    func keep(_ answer: StoredAnswer, _ key: String) async {
        memory.withLock { _ = $0.answers.set(key, answer, cost: answer.cost + key.utf8.count) }
        await shared?.keep(answer, key, for: policy.stale)
    }

    func count(_ figure: any WritableKeyPath<CacheFigures, Int> & Sendable) {
        memory.withLock { $0.figures[keyPath: figure] += 1 }
    }

    var figures: CacheFigures {
        memory.withLock { state in
            var figures = state.figures
            (figures.answers, figures.bytes) = (state.answers.count, state.answers.cost)
            return figures
        }
    }

    /// Whether an answer was confirmed less than a time ago. One that was confirmed far in the future is not: the clock
    /// of who wrote it, or ours, is wrong, and it would never become old.
    private static func isYoung(_ answer: StoredAnswer, _ limit: Duration, _ now: Instant) -> Bool {
        let age = now - answer.confirmed
        return age < limit && age > .seconds(-60)
    }
}

/// The figures of a cache since the process began, and what it holds now.
package struct CacheFigures: Hashable, Sendable {
    /// Answers in memory, and their bytes.
    package var answers = 0
    package var bytes = 0
    package var memoryHits = 0
    package var sharedHits = 0
    package var misses = 0
    /// Answers that the source said are still right.
    package var confirmed = 0
    /// Old answers that stood in for a source that was down.
    package var stale = 0
}
