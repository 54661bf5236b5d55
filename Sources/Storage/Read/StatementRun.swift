import Metrics
import Synchronization

/// The time that a statement runs, told to its timers once, at the first of its ends.
final class StatementRun: Sendable {
    private let began: ContinuousClock.Instant
    private let timers: [Timer]
    private let hasEnded = Atomic(false)

    init(_ began: ContinuousClock.Instant, _ timers: [Timer]) {
        self.began = began
        self.timers = timers
    }

    func end() {
        guard !hasEnded.exchange(true, ordering: .relaxed) else { return }
        let elapsed = ContinuousClock.now - began
        for timer in timers { timer.record(duration: elapsed) }
    }
}
