package import Connectors
package import Domain
package import Fetch
package import Jobs
package import Metrics
package import Postgres
package import Storage

/// Runs feeds: reads what is not held, stores it, and has it scored.
package struct FeedWork: Sendable {
    /// How a run went.
    package struct Outcome: Sendable {
        /// The run as `feed_runs` knows it.
        package var run: Int64
        package var offered = 0
        package var read = 0
        package var requests = 0
        package var accepted = 0
        package var duplicate = 0
        package var rejected = 0
        package var removed = 0
        package var findings: [String] = []
        package var failures: [FeedRunRecord.Failure] = []
        /// The queued run that scores what came; `nil` when nothing did, or the caller scores it.
        package var scoreRun: Int64?

        /// Whether nothing was read because every part failed.
        package var isFailure: Bool { read == 0 && !failures.isEmpty }
    }

    /// How far a run has come.
    package struct Progress: Sendable {
        package var done: Int
        package var all: Int
        /// Rows that were stored, or were there already.
        package var rows: Int
    }

    /// Way in which what a run brought is scored.
    package enum Scoring: Sendable {
        /// A run that scores it and refreshes is queued.
        case queued
        /// The caller does it.
        case byCaller
    }

    /// The feeds by name.
    package let feeds: [Slug: Feed]
    private let fetcher: Fetcher
    private let ingest: FileIngest
    private let runs: FeedRunStore
    private let folder: String
    private let metrics: any MetricsFactory

    /// - Parameters:
    ///   - folder: Path of a folder for files of rows, which are removed when they are stored.
    package init(
        _ feeds: [Feed], fetcher: Fetcher, ingest: FileIngest, folder: String,
        metrics: any MetricsFactory = MetricsSystem.factory
    ) {
        self.feeds = Dictionary(feeds.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        self.fetcher = fetcher
        self.ingest = ingest
        self.folder = folder
        self.metrics = metrics
        runs = FeedRunStore(ingest.options, sql: ingest.sql)
    }

    /// Reads what is not held of a feed. A part that fails leaves the others alone.
    ///
    /// - Parameters:
    ///   - trigger: What asked for the run, for people.
    ///   - lease: The right of the job that it belongs to; `nil` for a command.
    ///   - forgets: Whether what is held is read anew.
    /// - Throws: ``FeedRefusal`` when the dataset does not exist; `FetchError` and `SourceError` when the source cannot
    ///   say what it offers; `StorageError` with code `.busy` while another run of the feed is under way;
    ///   `PostgresError`; `CancellationError`.
    package func run(
        _ feed: Feed, trigger: String, lease: JobLease?, scoring: Scoring, forgets: Bool = false,
        progress: @escaping @Sendable (Progress) -> Void = { _ in }
    ) async throws -> Outcome {
        try await runs.exclusively(feed.name) { connection in
            try await FeedDatasets(connection, sql: ingest.sql).prepare(feed)
            let run = try await runs.begin(
                feed.name, into: feed.dataset, trigger: trigger, lease: lease, on: connection)
            if forgets { _ = try await runs.forget(feed.name, in: feed.dataset, on: connection) }
            var outcome = Outcome(run: run)
            let parts = FeedProgress(progress)
            let store = FeedPartStore(feed, run: run, lease: lease, ingest: ingest, runs: runs) { parts.note($0) }
            do {
                let read = try await FeedRun(feed.open(fetcher), store, folder: folder).run { parts.note($0, of: $1) }
                outcome.add(read)
                outcome.add(store.tally)
                outcome.findings += try await stale(feed, on: connection)
                count(read.failures)
                outcome.scoreRun = try await runs.end(
                    run, as: record(outcome, trigger), in: feed.dataset, lease: lease, isScored: scoring == .queued)
                return outcome
            } catch {
                outcome.add(store.tally)
                await recordFailure(error, outcome, feed, trigger)
                throw error
            }
        }
    }

    /// Reads all of a feed of expenditures beside the rows that are served, and swaps it in whole. If a part fails,
    /// nothing changes.
    ///
    /// - Throws: What ``run(_:trigger:lease:scoring:forgets:progress:)`` throws; ``IncompleteRefresh`` when a part
    ///   failed; ``FeedRefusal`` for a dataset of events.
    package func renew(
        _ feed: Feed, trigger: String, lease: JobLease?, progress: @escaping @Sendable (Progress) -> Void = { _ in }
    ) async throws -> Outcome {
        try await runs.exclusively(feed.name) { connection in
            try await FeedDatasets(connection, sql: ingest.sql).prepare(feed)
            guard try await DatasetStore(connection, sql: ingest.sql).dataset(feed.dataset).holds == .expenditures
            else {
                throw FeedRefusal(
                    "only datasets that hold expenditures are refreshed whole, and \(feed.dataset) is none")
            }
            let run = try await runs.begin(
                feed.name, into: feed.dataset, trigger: trigger, lease: lease, on: connection)
            var outcome = Outcome(run: run)
            let parts = FeedProgress(progress)
            let store = FeedPartStore(feed, run: run, lease: lease, ingest: ingest, runs: runs, isStaged: true) {
                parts.note($0)
            }
            let swap = ExpenditureSwap(ingest.options, sql: ingest.sql, feed: feed.name, dataset: feed.dataset)
            do {
                // Rows of a refresh whose process died.
                try await swap.discard(because: "interrupted")
                let read = try await FeedRun(feed.open(fetcher), store, folder: folder).run { parts.note($0, of: $1) }
                outcome.add(read)
                outcome.add(store.tally)
                count(read.failures)
                guard read.failures.isEmpty else { throw IncompleteRefresh(outcome.failures) }
                let swapped = try await store.waiting {
                    try await swap.swap(
                        store.staged, run: run, lease: lease, rows: store.staged.reduce(0) { $0 + $1.rows },
                        rejected: store.tally.rejected)
                }
                outcome.accepted = swapped.accepted
                outcome.removed = swapped.removed
                outcome.duplicate = max(0, store.tally.accepted + store.tally.duplicate - swapped.accepted)
                outcome.findings += try await stale(feed, on: connection)
                _ = try await runs.end(
                    run, as: record(outcome, trigger), in: feed.dataset, lease: lease, isScored: false)
                return outcome
            } catch {
                outcome.accepted = 0
                await recordFailure(error, outcome, feed, trigger)
                // In a task of its own, because the one that reads may have been cancelled.
                _ = await Task { try? await swap.discard(because: "the refresh failed, so nothing of it is served") }
                    .value
                throw error
            }
        }
    }

    /// The number of parts that a run would read now, with what the source says of itself; nothing is read or stored.
    /// - Throws: `FetchError` and `SourceError`; `PostgresError`.
    package func plan(_ feed: Feed, held: [String: Checkpoint]) async throws -> FeedPlan {
        try await feed.open(fetcher).plan(held)
    }

    /// The schedules of the feeds that have one.
    package var schedules: [JobSchedule] {
        feeds.values.compactMap(\.jobSchedule).sorted { $0.name < $1.name }
    }

    /// Makes sure that datasets exist before jobs of feeds are queued.
    var preparation: FeedPreparation {
        { [feeds, ingest] name, connection in
            guard let feed = feeds[name] else { return }
            try await FeedDatasets(connection, sql: ingest.sql).prepare(feed)
        }
    }

    /// The options of the database, and the statements.
    package var database: (options: PostgresOptions, sql: SQLFiles) { (ingest.options, ingest.sql) }

    private func record(_ outcome: Outcome, _ trigger: String) -> FeedRunRecord {
        FeedRunRecord(
            id: outcome.run, run: nil, trigger: trigger, state: outcome.isFailure ? .failed : .finished,
            error: outcome.isFailure ? outcome.failures.first?.problem : nil, offered: outcome.offered,
            read: outcome.read, requests: outcome.requests, findings: outcome.findings, failures: outcome.failures,
            started: .now)
    }

    /// Records why a run ended early. What it brought is scored after the next run.
    private func recordFailure(_ error: any Error, _ outcome: Outcome, _ feed: Feed, _ trigger: String) async {
        let isCancelled = error is CancellationError || error is JobCancelled
        var record = record(outcome, trigger)
        record.state = isCancelled ? .cancelled : .failed
        record.error = isCancelled ? "given up before its end" : "\(error)"
        if !(error is FetchError), !isCancelled { count("plan") }
        // In a task of its own, because the one that reads may have been cancelled.
        _ = await Task { [record, runs] in
            try? await runs.end(outcome.run, as: record, in: feed.dataset, lease: nil, isScored: false)
        }.value
    }

    private func stale(_ feed: Feed, on connection: PostgresConnection) async throws -> [String] {
        guard feed.expect.freshDays != nil else { return [] }
        let record = try await FeedRecords(connection, sql: ingest.sql).status(of: [(feed.name, feed.dataset)]).first
        return FeedExpectation(freshDays: feed.expect.freshDays)
            .findings(received: 0, accepted: 0, newest: record?.newestEvent, now: .now)
    }

    /// Counts failures that no request has counted.
    private func count(_ failures: [FeedRunOutcome.Failure]) {
        for failure in failures where FetchError.Code(rawValue: failure.code) == nil { count(failure.code) }
    }

    private func count(_ code: String) {
        Counter(label: "feed_errors_total", dimensions: [("error", code)], factory: metrics).increment()
    }
}

extension FeedWork.Outcome {
    fileprivate mutating func add(_ read: FeedRunOutcome) {
        offered = read.offered
        self.read = read.read
        requests = read.requests
        findings += read.findings
        failures = read.failures.map { failure in
            FeedRunRecord.Failure(
                part: failure.part, code: failure.code, problem: failure.problem, isTemporary: failure.isTemporary)
        }
    }

    fileprivate mutating func add(_ tally: FeedPartStore.Tally) {
        accepted = tally.accepted
        duplicate = tally.duplicate
        rejected = tally.rejected
        removed = tally.removed
        findings += tally.findings
    }
}

/// Parts of a full refresh failed, so nothing changed.
package struct IncompleteRefresh: Error, CustomStringConvertible {
    package let failures: [FeedRunRecord.Failure]

    init(_ failures: [FeedRunRecord.Failure]) { self.failures = failures }

    package var description: String {
        let first = failures.first.map { ": \($0.part): \($0.problem)" } ?? ""
        return "\(failures.count) parts could not be read, so nothing changed\(first)"
    }
}
