package import Domain

/// How far one process has come with one schedule.
package struct ScheduleProgress {
    package let schedule: JobSchedule
    /// The time up to which every due time was handled.
    private(set) var seen: Instant

    /// How far a starting process looks back, so that a due time during its restart is not lost. If another
    /// instance has enqueued it, the key is the same.
    private static let lookBack = Duration.seconds(600)

    /// How far back a missed time is made up for.
    private static let furthestBack = Duration.days(400)

    /// - Parameter last: When a job of the schedule began last; then times that were missed since are due.
    package init(_ schedule: JobSchedule, startedAt now: Instant, last: Instant? = nil) {
        self.schedule = schedule
        seen = max(now - Self.furthestBack, last ?? now - Self.lookBack)
    }

    /// The last time that fell due up to `now`. Of several missed times only the last one counts.
    package func due(by now: Instant) -> Instant? {
        var due: Instant?
        var after = seen
        // Only the end of a long time is searched: a schedule of every minute has half a million times in a year.
        for back in [Duration.seconds(3600), .days(1), .days(32)] where now - back > seen {
            guard let first = schedule.cron.next(after: now - back), first <= now else { continue }
            after = now - back
            break
        }
        while let next = schedule.cron.next(after: after), next <= now {
            due = next
            after = next
        }
        return due
    }

    package mutating func advance(to now: Instant) { seen = max(seen, now) }
}
