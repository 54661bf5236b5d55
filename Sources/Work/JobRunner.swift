import Domain
import Jobs
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

    /// The kinds of jobs that this version knows.
    var knownKinds: Set<JobKind> { Set(kinds.keys) }

    func run(_ claimed: ClaimedJob, progress: JobProgress) async throws {
        guard let work = kinds[claimed.job.kind] else { throw UnreadableJob(claimed.job.kind) }
        try await work(claimed, progress)
    }

    private typealias Work = @Sendable (ClaimedJob, JobProgress) async throws -> Void

    /// The work for a job of each kind.
    private var kinds: [JobKind: Work] {
        [
            .refresh: { _, progress in try await refresh(from: 0, progress) },
            .score: { claimed, progress in
                let order = try claimed.job.order()
                let share = order.refresh ? Self.scoringShare : 1
                if !claimed.isScored { try await score(order, claimed.lease, share: share, progress) }
                if order.refresh { try await refresh(from: share, progress) }
            },
        ]
    }

    private func score(
        _ order: RunOrder, _ lease: JobLease, share: Double, _ progress: JobProgress
    ) async throws {
        try await PostgresConnection.withConnection(options) { connection in
            let dataset = try await DatasetStore(connection, sql: sql).dataset(order.dataset)
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
            try await record(outcome, lease, on: connection)
        }
    }

    /// Records that all scores are written, so that a later attempt need not score again.
    private func record(
        _ outcome: ScoringRun.Outcome, _ lease: JobLease, on connection: PostgresConnection
    ) async throws {
        try await connection.transaction { connection in
            try await lease.hold(on: connection)
            try await connection.query(
                "UPDATE analytics_runs SET events = $2, rows = $3, scored_at = now() WHERE job = $1",
                [lease.job, outcome.events, outcome.resolutions.reduce(0) { $0 + $1.rows }])
        }
    }

    private func refresh(from share: Double, _ progress: JobProgress) async throws {
        _ = try await ViewRefresh(options, sql: sql).refresh(patience: Self.refreshPatience) { step in
            if case .building(_, let part, let all) = step {
                progress.tell(share + (1 - share) * Double(part) / Double(all + 1))
            }
        }
    }
}
