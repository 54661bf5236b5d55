import Connectors
import Domain
import Foundation
import Postgres
import Storage
import Synchronization

/// Stores the rows of a run: each read as one batch, with its checkpoint in the same transaction.
final class FeedPartStore: FeedStore {
    /// Sums of what a run has stored so far.
    struct Tally: Sendable {
        var accepted = 0
        var duplicate = 0
        var rejected = 0
        var removed = 0
        /// Sentences about batches that are not as the feed expects.
        var findings: [String] = []
    }

    /// How long a part waits for an upload or another ingest into the dataset.
    private static let patience = Duration.seconds(300)
    private static let pause = Duration.milliseconds(250)
    /// The largest size to which a packed file of a source may unpack, in bytes.
    private static let mostUnpacked = 16 << 30

    private let feed: Feed
    private let run: Int64
    private let lease: JobLease?
    private let ingest: FileIngest
    private let runs: FeedRunStore
    private let told: @Sendable (Tally) -> Void
    private let state = Mutex(Tally())
    /// Whether the rows wait beside those that are served.
    private let isStaged: Bool
    private let waitingParts = Mutex<[String: ExpenditureSwap.Part]>([:])

    /// - Parameters:
    ///   - run: The run as ``FeedRunStore`` knows it.
    ///   - isStaged: Whether the rows wait beside those that are served, for a full refresh, which reads everything.
    ///   - told: Called after each batch with the counts of the run.
    init(
        _ feed: Feed, run: Int64, lease: JobLease?, ingest: FileIngest, runs: FeedRunStore, isStaged: Bool = false,
        told: @escaping @Sendable (Tally) -> Void
    ) {
        self.feed = feed
        self.run = run
        self.lease = lease
        self.ingest = ingest
        self.runs = runs
        self.told = told
        self.isStaged = isStaged
    }

    /// The parts that a full refresh has read so far.
    var staged: [ExpenditureSwap.Part] {
        waitingParts.withLock { $0.values.sorted { $0.batch.part < $1.batch.part } }
    }

    var tally: Tally { state.withLock { $0 } }

    func checkpoints() async throws -> [String: Checkpoint] {
        if isStaged { return [:] }
        return try await PostgresConnection.withConnection(ingest.options) { [feed, ingest] connection in
            try await FeedRecords(connection, sql: ingest.sql).checkpoints(of: feed.name, in: feed.dataset)
        }.mapValues { Checkpoint(version: $0.version, state: $0.state) }
    }

    func store(_ rows: RowFile?, of part: FeedPart, _ fetched: FetchedPart) async throws {
        let contents: FeedBatch.Contents =
            if case .whole(let isFirst, let isLast) = fetched.contents {
                .whole(isFirst: isFirst, isLast: isLast)
            } else {
                .changes
            }
        var batch = FeedBatch(
            run: run, lease: lease, feed: feed.name, part: part.name, url: fetched.url, retrieved: fetched.retrieved,
            version: fetched.checkpoint.version, state: fetched.checkpoint.state, contents: contents)
        batch.isStaged = isStaged
        guard let rows, rows.bytes > 0 || contents != .changes else {
            if isStaged { return keep(batch, nil) }
            return try await runs.note(batch, in: feed.dataset)
        }
        var upload = FileUpload(
            dataset: feed.dataset, mapping: feed.mapping, places: feed.places,
            dialect: StatedDialect(format: rows.form == .lines ? "ndjson" : nil), path: rows.path,
            mostUnpacked: Self.mostUnpacked, source: fetched.url)
        upload.expect = feed.expect.expectations
        upload.job = lease?.job
        let outcome = try await waiting { [ingest, upload, batch] in try await ingest.open(upload, feed: batch).write()
        }
        guard case .new(let stored) = outcome else { return }
        if isStaged { keep(batch, stored) }
        note(stored, of: part)
    }

    /// Remembers a part, or a further piece of one, whose rows wait.
    private func keep(_ batch: FeedBatch, _ stored: BatchOutcome?) {
        waitingParts.withLock { parts in
            let before = parts[batch.part]
            parts[batch.part] = ExpenditureSwap.Part(
                batch: batch, number: before?.number ?? stored?.batch,
                rows: (before?.rows ?? 0) + (stored?.counts.received ?? 0))
        }
    }

    /// The result of `body`, tried again while another ingest into the dataset is running.
    func waiting<Output: Sendable>(_ body: @Sendable () async throws -> Output) async throws -> Output {
        let deadline = ContinuousClock.now + Self.patience
        while true {
            do {
                return try await body()
            } catch let error as StorageError {
                guard error.code == .busy, .now < deadline else { throw error }
                try await Task.sleep(for: Self.pause)
            }
        }
    }

    private func note(_ stored: BatchOutcome, of part: FeedPart) {
        let counts = stored.counts
        // The age of the newest event is a finding of the run, which is told once and not for each part.
        let findings =
            stored.findings.filter { $0.check != .freshDays }.map { finding in
                finding.column.map { "column \($0): \(finding.message)" } ?? finding.message
            } + stored.warnings
        let tally = state.withLock { tally in
            tally.accepted += counts.accepted
            tally.duplicate += counts.duplicate
            tally.rejected += counts.rejected
            tally.removed += stored.removed
            tally.findings += findings.map { "\(part.name), batch \(stored.batch): \($0)" }
            return tally
        }
        told(tally)
    }
}
