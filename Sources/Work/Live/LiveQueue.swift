import Domain

/// The datasets whose days are to be served, each after a moment of quiet: a state machine without a clock.
struct LiveQueue: Sendable {
    private struct Waiting {
        /// The first change since the dataset was last served.
        let since: ContinuousClock.Instant
        var due: ContinuousClock.Instant
    }

    /// How long nothing must be heard of a dataset.
    let quiet: Duration
    /// The longest that a dataset waits, however often it changes.
    let longest: Duration
    private var waiting: [Slug: Waiting] = [:]

    init(quiet: Duration, longest: Duration) {
        self.quiet = quiet
        self.longest = max(quiet, longest)
    }

    /// Notes that a dataset has changed.
    mutating func hear(_ dataset: Slug, at now: ContinuousClock.Instant) {
        let since = waiting[dataset]?.since ?? now
        waiting[dataset] = Waiting(since: since, due: min(now + quiet, since + longest))
    }

    /// Notes that a dataset is to be looked at from a moment on, or earlier if it changes.
    mutating func wait(_ dataset: Slug, until due: ContinuousClock.Instant) {
        if waiting[dataset] == nil { waiting[dataset] = Waiting(since: due, due: due) }
    }

    /// Takes the dataset that has been due for longest; `nil` when none is due.
    mutating func popDue(at now: ContinuousClock.Instant) -> Slug? {
        guard let first = waiting.min(by: { $0.value.due < $1.value.due }), first.value.due <= now else { return nil }
        waiting[first.key] = nil
        return first.key
    }

    /// The moment at which the next dataset is due; `nil` when none waits.
    var nextDue: ContinuousClock.Instant? { waiting.values.map(\.due).min() }
}
