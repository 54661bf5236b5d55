package import Risk

/// A job that comes again and again.
package struct JobSchedule: Hashable, Sendable {
    package enum Action: Hashable, Sendable {
        /// Without resolutions at all that the dataset names.
        case score(RunOrder)
        case refresh
    }

    /// Of all instances the same: it is part of what makes a due time come once.
    package let name: String
    package let cron: CronExpression
    package let action: Action

    package init(name: String, cron: CronExpression, action: Action) {
        self.name = name
        self.cron = cron
        self.action = action
    }

    /// The key under which all instances enqueue the job of one due time (seconds since 1970 UTC).
    func key(due: Int64) -> String { "\(keyPrefix)\(due)" }

    var keyPrefix: String { "schedule \(name) " }
}
