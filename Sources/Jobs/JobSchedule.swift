package import Domain

/// A job that is repeated at times given by a cron expression.
package struct JobSchedule: Hashable, Sendable {
    /// The name, the same on all instances. It is part of the key that makes a due time come once.
    package let name: String
    package let cron: CronExpression
    /// One that scores without resolutions scores at all that the dataset names.
    package let job: Job
    /// The feed that it reads, if it reads one. What fell due while no server ran is then made up for, by one run.
    package let feed: Slug?

    package init(name: String, cron: CronExpression, job: Job, feed: Slug? = nil) {
        self.name = name
        self.cron = cron
        self.job = job
        self.feed = feed
    }

    /// The key under which all instances enqueue the job of one due time. It names the time in seconds since 1970 UTC.
    package func key(due: Instant) -> String { "\(keyPrefix)\(due.seconds)" }

    package var keyPrefix: String { "schedule \(name) " }

    /// The cause of the jobs of this schedule, in words for people.
    package var trigger: String { "schedule \(name)" }
}
