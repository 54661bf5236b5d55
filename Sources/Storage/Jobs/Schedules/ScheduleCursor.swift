/// How far one process has come with one schedule.
struct ScheduleCursor {
    let schedule: JobSchedule
    /// Everything up to here was seen to, in seconds since 1970 UTC.
    private(set) var seen: Int64

    /// How far back a process that starts looks: what fell due while it was started anew is not lost. Whoever enqueued it
    /// already used the same key.
    private static let lookBack: Int64 = 600

    init(_ schedule: JobSchedule, startedAt now: Int64) {
        self.schedule = schedule
        seen = now - Self.lookBack
    }

    /// The last time that fell due up to `now`; of several that were missed only that one is worth while.
    func due(by now: Int64) -> Int64? {
        var due: Int64?
        var after = seen
        while let next = schedule.cron.next(after: after), next <= now {
            due = next
            after = next
        }
        return due
    }

    mutating func advance(to now: Int64) { seen = max(seen, now) }
}
