package import Risk

/// A job that is repeated at times given by a cron expression.
package struct JobSchedule: Hashable, Sendable {
    package enum Action: Hashable, Sendable {
        /// Scores a dataset; without resolutions, all those that the dataset names.
        case score(RunOrder)
        case refresh
    }

    /// The name, the same on all instances. It is part of the key that makes a due time come once.
    package let name: String
    package let cron: CronExpression
    package let action: Action

    package init(name: String, cron: CronExpression, action: Action) {
        self.name = name
        self.cron = cron
        self.action = action
    }

    /// The key under which all instances enqueue the job of one due time, in seconds since 1970 UTC.
    func key(due: Int64) -> String { "\(keyPrefix)\(due)" }

    var keyPrefix: String { "schedule \(name) " }
}
