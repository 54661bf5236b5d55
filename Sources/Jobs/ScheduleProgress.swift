package import Domain

/// How far one process has come with one schedule.
package struct ScheduleProgress {
    package let schedule: JobSchedule
    /// The time up to which every due time was handled.
    private(set) var seen: Instant

    /// How far a starting process looks back, so that a due time during its restart is not lost. If another
    /// instance has enqueued it, the key is the same.
    private static let lookBack = Duration.seconds(600)

    package init(_ schedule: JobSchedule, startedAt now: Instant) {
        self.schedule = schedule
        seen = now - Self.lookBack
    }

    /// The last time that fell due up to `now`. Of several missed times only the last one counts.
    package func due(by now: Instant) -> Instant? {
        var due: Instant?
        var after = seen
        while let next = schedule.cron.next(after: after), next <= now {
            due = next
            after = next
        }
        return due
    }

    package mutating func advance(to now: Instant) { seen = max(seen, now) }
}
