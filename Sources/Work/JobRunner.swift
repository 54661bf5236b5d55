import Connectors
import Domain
import Jobs
import Logging
import Postgres
import Storage

/// Does the work of one job.
struct JobRunner: Sendable {
    /// The share that scoring has in the progress of a run that also refreshes.
    private static let scoringShare = 0.7
    /// How long a refresh waits for readers that hold on to the view. After that the attempt has failed, and the job is
    /// tried again later.
    private static let refreshPatience = Duration.seconds(120)

    let options: PostgresOptions
    let sql: SQLFiles
    /// The feeds of this process; `nil` for one that reads none.
    let feeds: FeedWork?
    let logger: Logger
    /// Reads dead letters again; without it this is left to other workers.
    var ingest: FileIngest?

    /// The kinds of jobs that this version knows.
    var knownKinds: Set<JobKind> { Set(kinds.keys) }

    func run(_ claimed: ClaimedJob, progress: JobProgress) async throws {
        guard let work = kinds[claimed.job.kind] else { throw UnreadableJob(claimed.job.kind) }
        try await work(claimed, progress)
    }

    private typealias Work = @Sendable (ClaimedJob, JobProgress) async throws -> Void

    /// The work for a job of each kind.
    private var kinds: [JobKind: Work] {
        var kinds: [JobKind: Work] = [
            .refresh: { claimed, progress in try await refresh(claimed, of: nil, from: 0, progress) },
            .score: { claimed, progress in
                let order = try claimed.job.order()
                let share = order.refresh ? Self.scoringShare : 1
                let scoring = order.outlook ? share / 2 : share
                if !claimed.isScored { try await score(order, claimed.lease, share: scoring, progress) }
                // It comes back after the others, and the refresh of one of them will do for all.
                if order.refresh, !claimed.isScored, try await othersWillRefresh(claimed, order.dataset) {
                    throw RefreshPostponed()
                }
                if order.outlook {
                    let outlook = OutlookOrder(
                        dataset: order.dataset, resolutions: order.resolutions, asOf: order.to)
                    try await look(outlook, claimed, from: scoring, to: share, progress)
                }
                guard order.refresh else { return }
                try await refresh(claimed, of: order.dataset, from: share, progress)
            },
            .retention: { claimed, progress in try await expire(claimed, progress) },
            .queryables: { claimed, _ in
                let done = try await QueryableIndexes(options, sql: sql).bring()
                claimed.described(in: logger).info(
                    "indexes of attributes", metadata: ["built": "\(done.built)", "dropped": "\(done.dropped)"])
            },
            .areas: { claimed, progress in try await countAreas(claimed, progress) },
            .outlook: { claimed, progress in
                let order = try claimed.job.outlookOrder()
                let share = order.refresh ? Self.scoringShare : 1
                try await look(order, claimed, from: 0, to: share, progress)
                if order.refresh { try await refresh(claimed, of: order.dataset, from: share, progress) }
            },
            .evaluation: { claimed, progress in try await evaluate(claimed, progress) },
            .training: { claimed, progress in try await train(claimed, progress) },
            .drift: { claimed, progress in try await measureDrift(claimed, progress) },
        ]
        if let feeds {
            kinds[.fetch] = { claimed, progress in try await fetch(claimed, from: feeds, progress) }
            kinds[.renew] = { claimed, progress in try await fetch(claimed, from: feeds, progress) }
        }
        if let ingest {
            kinds[.remediate] = { claimed, _ in try await remediate(claimed, ingest) }
        }
        return kinds
    }

    /// Reads a feed. What it brings is scored by a run of its own, which it queues.
    private func fetch(_ claimed: ClaimedJob, from feeds: FeedWork, _ progress: JobProgress) async throws {
        let name = try claimed.job.feed()
        guard let feed = feeds.feeds[name], feed.dataset == claimed.job.dataset else {
            throw UnknownFeed(name: name)
        }
        let trigger = claimed.trigger ?? "unknown"
        let tell: @Sendable (FeedWork.Progress) -> Void = { parts in
            progress.tell(parts.all == 0 ? 0 : Double(parts.done) / Double(parts.all))
        }
        let outcome =
            claimed.job.kind == .renew
            ? try await feeds.renew(feed, trigger: trigger, lease: claimed.lease, progress: tell)
            : try await feeds.run(
                feed, trigger: trigger, lease: claimed.lease, scoring: .queued, progress: tell)
        var logger = claimed.described(in: logger)
        logger[metadataKey: "feed"] = "\(name)"
        for failure in outcome.failures {
            logger.warning("a feed part failed", metadata: ["part": "\(failure.part)", "error": "\(failure.problem)"])
        }
        logger.info(
            "feed read",
            metadata: [
                "parts": "\(outcome.read)", "accepted": "\(outcome.accepted)", "duplicate": "\(outcome.duplicate)",
                "rejected": "\(outcome.rejected)", "removed": "\(outcome.removed)",
                "requests": "\(outcome.requests)", "failures": "\(outcome.failures.count)",
            ])
        if outcome.isFailure { throw EveryPartFailed(outcome.failures) }
    }

    private func remediate(_ claimed: ClaimedJob, _ ingest: FileIngest) async throws {
        let done = try await ingest.readAgain(try claimed.job.remediation(), lease: claimed.lease)
        let logger = claimed.described(in: logger)
        for problem in done.problems { logger.warning("dead letters were left", metadata: ["reason": "\(problem)"]) }
        logger.info(
            "read dead letters again",
            metadata: [
                "batches": "\(done.batches)", "examined": "\(done.examined)", "remediated": "\(done.remediated)",
                "accepted": "\(done.accepted)",
            ])
    }

    /// Counts the events of a dataset, or of all datasets, by area.
    private func countAreas(_ claimed: ClaimedJob, _ progress: JobProgress) async throws {
        let datasets: [Slug] =
            if let dataset = claimed.job.dataset {
                [dataset]
            } else {
                try await PostgresConnection.withConnection(options) { connection in
                    try await connection.query("SELECT slug FROM datasets ORDER BY slug").map { try $0.get(0) }
                }
            }
        for (done, dataset) in datasets.enumerated() {
            let outcomes: [AreaCounting.Outcome]
            do {
                outcomes = try await AreaCounting(options, sql: sql).run(dataset, lease: claimed.lease) { share, _ in
                    progress.tell((Double(done) + share) / Double(datasets.count))
                }
            } catch let error as StorageError where error.code == .dataset && claimed.job.dataset == nil {
                continue
            }
            for outcome in outcomes {
                claimed.described(in: logger).info(
                    "counted by area",
                    metadata: [
                        "dataset": "\(dataset)", "layer": "\(outcome.layer)", "days": "\(outcome.days)",
                        "events": "\(outcome.counts.events)", "outside": "\(outcome.counts.outside)",
                    ])
            }
        }
    }

    /// Queues the count by area of what a job has changed, where there is any layer.
    private func queueAreas(_ dataset: Slug, after claimed: JobLease, on connection: PostgresConnection) async throws {
        guard try await AreaCounting.hasLayers(connection) else { return }
        _ = try await JobQueue(connection, sql: sql).enqueue(.areas(of: dataset), trigger: "run \(claimed.job)")
    }

    /// Deletes what datasets no longer keep, and refreshes when some of it is still served.
    private func expire(_ claimed: ClaimedJob, _ progress: JobProgress) async throws {
        let retention = DatasetRetention(options, sql: sql)
        let datasets = if let dataset = claimed.job.dataset { [dataset] } else { try await retention.datasets() }
        var isServed = false
        for (done, dataset) in datasets.enumerated() {
            progress.tell(Self.scoringShare * Double(done) / Double(datasets.count))
            let outcome: DatasetRetention.Outcome?
            do {
                outcome = try await retention.enforce(dataset, lease: claimed.lease)
            } catch let error as StorageError where error.code == .dataset && claimed.job.dataset == nil {
                continue
            }
            guard let outcome else { continue }
            try await PostgresConnection.withConnection(options) { connection in
                try await queueAreas(dataset, after: claimed.lease, on: connection)
            }
            isServed = isServed || outcome.isServed
            claimed.described(in: logger).info(
                "deleted what is no longer kept",
                metadata: [
                    "dataset": "\(dataset)", "first_day": "\(outcome.firstDay)", "events": "\(outcome.events)",
                    "dead_letters": "\(outcome.deadLetters)", "days": "\(outcome.days)",
                    "partitions": "\(outcome.partitions)",
                ])
        }
        guard isServed else { return }
        try await PostgresConnection.withConnection(options) { connection in
            try await JobQueue.renewRefreshMark(claimed.lease, on: connection)
        }
        try await refresh(claimed, of: nil, from: Self.scoringShare, progress)
    }

    private func score(
        _ order: RunOrder, _ lease: JobLease, share: Double, _ progress: JobProgress
    ) async throws {
        try await PostgresConnection.withConnection(options) { connection in
            let dataset = try await DatasetStore(connection, sql: sql).datasetOfEvents(order.dataset)
            let request = ScoringRun.Request(
                dataset: dataset, resolutions: order.resolutions, from: order.from, to: order.to,
                normalization: order.normalization, lease: lease)
            let outcome = try await ScoringRun(options, sql: sql).run(request, on: connection) { step in
                switch step {
                case .reading: progress.tell(0)
                case .scoring(_, let done, let all): progress.tell(share * Double(done + 1) / Double(all + 1))
                }
            }
            progress.tell(share)
            try await record(outcome, lease, of: order.dataset, on: connection)
        }
    }

    /// Records that all scores are written, so that a later attempt need not score again.
    private func record(
        _ outcome: ScoringRun.Outcome, _ lease: JobLease, of dataset: Slug, on connection: PostgresConnection
    ) async throws {
        try await connection.transaction { connection in
            try await JobQueue.recordScored(
                lease, events: outcome.events, rows: outcome.resolutions.reduce(0) { $0 + $1.rows }, on: connection)
            try await queueAreas(dataset, after: lease, on: connection)
        }
    }

    /// Makes an outlook, which a refresh that begins from now on serves.
    private func look(
        _ order: OutlookOrder, _ claimed: ClaimedJob, from first: Double, to share: Double, _ progress: JobProgress
    ) async throws {
        let dataset = try await PostgresConnection.withConnection(options) { connection in
            try await DatasetStore(connection, sql: sql).datasetOfEvents(order.dataset)
        }
        let request = OutlookRun.Request(
            dataset: dataset, resolutions: order.resolutions, asOf: order.asOf, horizon: order.horizon,
            lease: claimed.lease)
        let outcome = try await OutlookRun(options, sql: sql).run(request) { step in
            progress.tell(first + (share - first) * step.share)
        }
        let logger = claimed.described(in: logger)
        for (resolution, reason) in outcome.leftOut {
            logger.warning(
                "a resolution is left out of the outlook",
                metadata: ["resolution": "\(resolution)", "reason": "\(reason)"])
        }
        logger.info(
            "outlook made",
            metadata: [
                "as_of": "\(outcome.days.map { "\($0.upperBound)" } ?? "none")",
                "outlooks": "\(outcome.outlooks.count)",
            ])
        try await PostgresConnection.withConnection(options) { connection in
            try await JobQueue.renewRefreshMark(claimed.lease, on: connection)
        }
    }

    /// Evaluates forecasts, and warns where a rival is ahead of them.
    private func evaluate(_ claimed: ClaimedJob, _ progress: JobProgress) async throws {
        let order = try claimed.job.evaluationOrder()
        let dataset = try await PostgresConnection.withConnection(options) { connection in
            try await DatasetStore(connection, sql: sql).datasetOfEvents(order.dataset)
        }
        let request = EvaluationRun.Request(dataset: dataset, order: order, lease: claimed.lease)
        let evaluations = try await EvaluationRun(options, sql: sql).run(request) { step in
            if case .evaluating(_, let done, let all) = step { progress.tell(Double(done) / Double(all)) }
        }
        let logger = claimed.described(in: logger)
        for evaluation in evaluations {
            let metadata: Logger.Metadata = [
                "resolution": "\(evaluation.resolution)", "horizon": "\(evaluation.horizon)",
                "events_of": "\(evaluation.kind.text)", "best_rival": "\(evaluation.bestRival ?? "none")",
            ]
            if evaluation.isBehind {
                logger.warning("the forecast is behind a rival: see docs/outlook.md", metadata: metadata)
            } else {
                logger.info("the forecast is not behind its rivals", metadata: metadata)
            }
        }
    }

    /// Whether another job will do the refresh of this one. A dataset that is served alone waits for no other.
    private func othersWillRefresh(_ claimed: ClaimedJob, _ dataset: Slug) async throws -> Bool {
        let isAlone = try await ViewRefresh(options, sql: sql).servesAlone(dataset)
        return try await PostgresConnection.withConnection(options) { connection in
            try await JobQueue(connection, sql: sql).othersWillRefresh(
                besides: claimed.lease.job, of: isAlone ? dataset : nil)
        }
    }

    /// Serves what the job has stored, unless a refresh that began later has done so.
    /// - Parameter dataset: The dataset that the job has changed; `nil` for all.
    private func refresh(
        _ claimed: ClaimedJob, of dataset: Slug?, from share: Double, _ progress: JobProgress
    ) async throws {
        let done = try await ViewRefresh(options, sql: sql).refresh(
            for: claimed.lease.job, of: dataset, patience: Self.refreshPatience
        ) { step in
            if case .building(_, let part, let all) = step {
                progress.tell(share + (1 - share) * Double(part) / Double(all + 1))
            }
        }
        let logger = claimed.described(in: logger)
        if let done {
            logger.info("served", metadata: ["generation": "\(done.generation)", "rows": "\(done.rows)"])
        } else {
            logger.info("served by a refresh that began later")
        }
    }
}

/// A job has scored, and others that will refresh have yet to score.
struct RefreshPostponed: Error {}

/// A job is of a feed that this process has no file of. Another process may have it, so it is tried again.
struct UnknownFeed: Error, CustomStringConvertible {
    let name: Slug

    var description: String { "there is no feed \(name) in the folder of this process, or it fills another dataset" }
}

/// A run of a feed could read none of its parts.
struct EveryPartFailed: Error, CustomStringConvertible {
    private let first: FeedRunRecord.Failure
    private let count: Int
    /// Whether another attempt may succeed.
    let isTemporary: Bool

    /// - Parameter failures: One at least.
    init(_ failures: [FeedRunRecord.Failure]) {
        first = failures[0]
        count = failures.count
        isTemporary = failures.contains(where: \.isTemporary)
    }

    var description: String { (count > 1 ? "all \(count) parts failed; \(first.part): " : "") + first.problem }
}
