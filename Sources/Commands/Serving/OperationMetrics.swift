import Domain
import Jobs
import Logging
import Metrics
import ServiceLifecycle
import Storage
import Synchronization

/// The metrics of what the database knows: jobs, refreshes, ingests, feeds and streams of all servers, workers and
/// commands.
final class OperationMetrics: Service {
    private static let interval = Duration.seconds(15)
    /// The number of datasets with series of their own at most.
    private static let datasetLimit = 100

    fileprivate struct Series {
        var gauges: [String: [String: Gauge]] = [:]
        /// The totals that the counters have reached.
        var counted: [String: Int] = [:]
    }

    private let database: any QueryRunner
    private let sql: SQLFiles
    private let datasets: OperationFigures.Datasets
    private let schedules: [JobSchedule]
    private let started = Instant.now
    private let logger: Logger
    private let series = Mutex(Series())
    private let refreshed = Gauge(label: "view_refreshed_timestamp_seconds")
    private let longestWait = Gauge(label: "jobs_waiting_seconds")
    private let evaluationsBehind = Gauge(label: "outlook_evaluations_behind")
    private let modelsDrifted = Gauge(label: "models_drifted")

    /// - Parameter schedules: The schedules of feeds, by which their runs fall due.
    init(
        _ database: any QueryRunner, sql: SQLFiles, datasets: OperationFigures.Datasets, schedules: [JobSchedule] = [],
        logger: Logger
    ) {
        self.schedules = schedules
        self.database = database
        self.sql = sql
        self.datasets = datasets
        self.logger = logger
        Self.tellBuild()
    }

    /// Sets the series that tells which program this is.
    static func tellBuild() {
        let build = [("version", Build.this.version), ("commit", Build.this.commit ?? "unknown")]
        Gauge(label: "build_info", dimensions: build).record(1)
    }

    /// Measures at once and then again and again until the service group shuts down.
    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    let figures = try await OperationFigures.load(
                        self.database, sql: self.sql, datasets: self.datasets, limit: Self.datasetLimit)
                    self.record(figures)
                } catch {
                    // The database is away, which others log; the series keep their last values.
                    self.logger.debug("cannot measure jobs, ingests and feeds", metadata: ["error": "\(error)"])
                }
                try? await Task.sleep(for: Self.interval)
            }
        }
    }

    private func record(_ figures: OperationFigures) {
        refreshed.record(figures.viewRefreshed)
        longestWait.record(figures.longestWait)
        evaluationsBehind.record(figures.evaluationsBehind)
        modelsDrifted.record(figures.modelsDrifted)
        series.withLock { series in
            // Series of the known kinds exist from the start, so that an alert sees the first failure.
            for kind in JobKind.all.map(\.rawValue) {
                series.count(
                    "jobs_ended_total", [("kind", kind), ("outcome", "finished")], figures.finishedJobs[kind] ?? 0)
                series.count(
                    "jobs_ended_total", [("kind", kind), ("outcome", "failed")], figures.failedJobs[kind] ?? 0)
            }
            for (feed, rows) in figures.feedRows {
                for (outcome, total) in rows {
                    series.count("feed_rows_total", [("feed", feed), ("outcome", outcome)], total)
                }
            }
            for (stream, messages) in figures.streamMessages {
                for (outcome, total) in messages {
                    series.count("stream_messages_total", [("stream", stream), ("outcome", outcome)], total)
                }
            }
            series.record(
                "stream_last_stored_timestamp_seconds", "stream", figures.streamStored.map { ($0.key, $0.value) })
            series.record("stream_messages_behind", "stream", figures.streamBehind.map { ($0.key, $0.value) })
            series.record(
                "feed_last_success_timestamp_seconds", "feed", figures.feedSuccesses.map { ($0.key, $0.value) })
            series.record("feed_overdue_seconds", "feed", overdue(figures))
            let waiting = JobKind.all.map { ($0.rawValue, Double(figures.waitingJobs[$0.rawValue] ?? 0)) }
            series.record("jobs_waiting", "kind", waiting)
            series.record(
                "dataset_last_ingest_timestamp_seconds", "dataset", figures.lastIngests.map { ($0.key, $0.value) })
            series.record("dead_letters_open", "dataset", figures.deadLetters.map { ($0.key, Double($0.value)) })
        }
    }
}

extension OperationMetrics {
    /// How long the first run of each feed is overdue that fell due after its last success, in seconds.
    private func overdue(_ figures: OperationFigures) -> [(String, Double)] {
        let now = Instant.now
        return schedules.compactMap { schedule in
            guard let feed = schedule.feed else { return nil }
            let success = figures.feedSuccesses[feed.text].map { Instant(seconds: Int64($0)) }
            guard let due = schedule.cron.next(after: success ?? started) else { return (feed.text, 0) }
            return (feed.text, max(0, (now - due).inSeconds))
        }
    }
}

extension OperationMetrics.Series {
    /// Sets the gauges of a metric, and removes those of what is no longer told of.
    fileprivate mutating func record(_ label: String, _ dimension: String, _ values: [(String, Double)]) {
        var known = gauges[label] ?? [:]
        let names = Set(values.map(\.0))
        for (name, gauge) in known where !names.contains(name) {
            gauge.destroy()
            known[name] = nil
        }
        for (name, value) in values {
            let gauge = known[name] ?? Gauge(label: label, dimensions: [(dimension, name)])
            gauge.record(value)
            known[name] = gauge
        }
        gauges[label] = known
    }

    /// Raises a counter to a total.
    fileprivate mutating func count(_ label: String, _ dimensions: [(String, String)], _ total: Int) {
        let key = ([label] + dimensions.map(\.1)).joined(separator: " ")
        Counter(label: label, dimensions: dimensions).increment(by: max(0, total - (counted[key] ?? 0)))
        counted[key] = total
    }
}
