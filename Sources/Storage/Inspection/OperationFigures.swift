import Postgres

/// The figures of jobs, refreshes, ingests, feeds, streams and forecasts that operators watch, as the database knows
/// them.
package struct OperationFigures: Hashable, Sendable {
    /// The datasets that figures are told of.
    package enum Datasets: String, Sendable, CaseIterable {
        case `public`
        case all
        case none
    }

    /// When the served view was built, in seconds since 1970.
    package private(set) var viewRefreshed = 0.0
    /// The number of jobs that finished and failed since ever, by kind.
    package private(set) var finishedJobs: [String: Int] = [:]
    package private(set) var failedJobs: [String: Int] = [:]
    /// The number of jobs that are due and wait for a worker, by kind.
    package private(set) var waitingJobs: [String: Int] = [:]
    /// How long the first of them has waited, in seconds.
    package private(set) var longestWait = 0.0
    /// The number of newest evaluations in which a rival is ahead of the forecast.
    package private(set) var evaluationsBehind = 0.0
    /// The number of active models whose data have moved further than the alarm.
    package private(set) var modelsDrifted = 0.0
    /// When the last ingest of a dataset finished, in seconds since 1970, by slug.
    package private(set) var lastIngests: [String: Double] = [:]
    /// The number of rejected records that have not become events, by slug.
    package private(set) var deadLetters: [String: Int] = [:]

    /// The number of rows of feeds since ever, by feed and outcome.
    package private(set) var feedRows: [String: [String: Int]] = [:]
    /// When the last run of a feed ended in which no part failed, in seconds since 1970, by feed.
    package private(set) var feedSuccesses: [String: Double] = [:]
    /// The number of messages of streams since ever, by stream and outcome.
    package private(set) var streamMessages: [String: [String: Int]] = [:]
    /// When messages of a stream were stored last, in seconds since 1970, by stream.
    package private(set) var streamStored: [String: Double] = [:]
    /// The number of messages that brokers had then and that were not stored, by stream.
    package private(set) var streamBehind: [String: Double] = [:]

    /// - Parameter limit: The number of datasets, of feeds and of streams at most, the first by slug.
    /// - Throws: What ``QueryRunner/query(_:_:)`` throws.
    package static func load(
        _ database: any QueryRunner, sql: SQLFiles, datasets: Datasets, limit: Int
    ) async throws -> OperationFigures {
        var figures = OperationFigures()
        for row in try await database.query(sql[.operationFigures], [datasets.rawValue, limit]) {
            var fields = row.fields
            let name: String = try fields.next("name")
            let subject = try fields.next("subject", as: String?.self) ?? ""
            let value: Double = try fields.next("value")
            switch name {
            case "view_refreshed": figures.viewRefreshed = value
            case "jobs_finished": figures.finishedJobs[subject] = Int(value)
            case "jobs_failed": figures.failedJobs[subject] = Int(value)
            case "jobs_waiting": figures.waitingJobs[subject] = Int(value)
            case "longest_wait": figures.longestWait = value
            case "evaluations_behind": figures.evaluationsBehind = value
            case "models_drifted": figures.modelsDrifted = value
            case "last_ingest": figures.lastIngests[subject] = value
            case "dead_letters": figures.deadLetters[subject] = Int(value)
            case "feed_rows":
                let words = subject.split(separator: " ")
                guard words.count == 2 else { throw PostgresError(.decoding, "rows of no feed") }
                figures.feedRows[String(words[0]), default: [:]][String(words[1])] = Int(value)
            case "stream_messages":
                let words = subject.split(separator: " ")
                guard words.count == 2 else { throw PostgresError(.decoding, "messages of no stream") }
                figures.streamMessages[String(words[0]), default: [:]][String(words[1])] = Int(value)
            case "stream_stored": figures.streamStored[subject] = value
            case "stream_behind": figures.streamBehind[subject] = value
            case "feed_success": figures.feedSuccesses[subject] = value
            default: throw PostgresError(.decoding, "a figure that this version does not know")
            }
        }
        return figures
    }
}
