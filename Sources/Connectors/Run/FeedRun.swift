import Domain
import Feeds
import Fetch
import Foundation

/// The keeper of a feed's rows and checkpoints.
package protocol FeedStore: Sendable {
    /// The checkpoints of the feed's parts by their names.
    func checkpoints() async throws -> [String: Checkpoint]

    /// Stores the rows of a read and its checkpoint in one transaction: both or neither. Never called twice at a time,
    /// because a dataset has one ingest at a time.
    ///
    /// - Parameters:
    ///   - rows: The finished row file; `nil` when there is nothing to store but the checkpoint.
    ///   - fetched: What the rows are. With ``RowContents/whole(isFirst:isLast:)`` the rows of the part that are not
    ///     among them go when the last row file is stored.
    func store(_ rows: RowFile?, of part: FeedPart, _ fetched: FetchedPart) async throws
}

/// The result of a run.
package struct FeedRunOutcome: Hashable, Sendable {
    /// A part that could not be read or stored. The next run tries it again.
    package struct Failure: Hashable, Sendable {
        package let part: String
        package let problem: String
        /// The label `error` of the metric `feed_errors_total`.
        package let code: String
        package let isTemporary: Bool
    }

    /// How many parts the source offers, and how many of them were read now.
    package var offered = 0
    package var read = 0
    /// Rows that were handed to the store.
    package var rows = 0
    package var requests = 0
    package var findings: [String] = []
    /// Failures in the order of the parts' names.
    package var failures: [Failure] = []

    package init() {}

    /// Whether the run brought rows, so that there is something to score.
    package var broughtRows: Bool { rows > 0 }
}

/// One run of a feed: plans, and reads the parts side by side.
package struct FeedRun: Sendable {
    private let source: any FeedSource
    private let store: any FeedStore
    private let folder: String
    private let sideBySide: Int
    private let storing = RequestSlots(1)
    private let mostParts: Int

    /// - Parameters:
    ///   - folder: Path of a folder for row files, which are removed when they are stored.
    ///   - sideBySide: How many parts are read at a time.
    ///   - mostParts: How many parts one run reads at most; the next run goes on.
    package init(
        _ source: any FeedSource, _ store: any FeedStore, folder: String, sideBySide: Int = 4, mostParts: Int = 10_000
    ) {
        self.source = source
        self.store = store
        self.folder = folder
        self.sideBySide = sideBySide
        self.mostParts = mostParts
    }

    /// Reads what is not held. A part that fails leaves the others alone.
    ///
    /// - Parameter progress: Called with the number of finished parts and of all that the run reads.
    /// - Throws: What the plan and the checkpoints throw, and `CancellationError`.
    package func run(
        progress: @escaping @Sendable (_ done: Int, _ all: Int) -> Void = { _, _ in }
    ) async throws -> FeedRunOutcome {
        let held = try await store.checkpoints()
        let plan = try await source.plan(held)
        var outcome = FeedRunOutcome()
        outcome.offered = plan.offered
        outcome.findings = plan.findings
        let parts = plan.parts.prefix(mostParts)
        if plan.parts.count > parts.count {
            outcome.findings.append("\(plan.parts.count - parts.count) parts are left to the next run")
        }
        var done = 0
        progress(done, parts.count)
        try await withThrowingTaskGroup(of: PartOutcome.self) { group in
            var rest = parts[...]
            func addNext() {
                guard let part = rest.popFirst() else { return }
                let checkpoint = held[part.name]
                group.addTask { try await read(part, held: checkpoint) }
            }
            for _ in 0..<sideBySide { addNext() }
            while let part = try await group.next() {
                outcome.add(part)
                done += 1
                progress(done, parts.count)
                addNext()
            }
        }
        outcome.failures.sort { $0.part < $1.part }
        return outcome
    }

    fileprivate struct PartOutcome: Sendable {
        var rows = 0
        var requests = 0
        var findings: [String] = []
        var failure: FeedRunOutcome.Failure?
    }

    /// Reads a part to its end. Its failure is in the outcome; only a cancellation is thrown.
    private func read(_ part: FeedPart, held: Checkpoint?) async throws -> PartOutcome {
        var outcome = PartOutcome()
        do {
            var held = held
            var hasMore = true
            while hasMore {
                try Task.checkCancellation()
                let fetched = try await readPiece(part, held: held, &outcome)
                held = fetched.checkpoint
                hasMore = fetched.hasMore
            }
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            outcome.failure = FeedRunOutcome.Failure(part.name, error)
        }
        return outcome
    }

    private func readPiece(
        _ part: FeedPart, held: Checkpoint?, _ outcome: inout PartOutcome
    ) async throws -> FetchedPart {
        let rows = try RowFile(path: "\(folder)/rows-\(UUID().uuidString)")
        defer { rows.remove() }
        let fetched = try await source.read(part, held: held, into: rows)
        try rows.finish()
        try await storing.withSlot {
            try await store.store(fetched.contents == .nothing ? nil : rows, of: part, fetched)
        }
        if fetched.contents != .nothing { outcome.rows += rows.rows }
        outcome.requests += fetched.requests
        outcome.findings += fetched.findings
        return fetched
    }
}

extension FeedRunOutcome {
    fileprivate mutating func add(_ part: FeedRun.PartOutcome) {
        if part.failure == nil { read += 1 }
        rows += part.rows
        requests += part.requests
        findings += part.findings
        if let failure = part.failure { failures.append(failure) }
    }
}

extension FeedRunOutcome.Failure {
    fileprivate init(_ part: String, _ error: any Error) {
        self.part = part
        switch error {
        case let error as FetchError:
            (problem, code, isTemporary) = (error.description, error.code.rawValue, error.isTemporary)
        case let error as SourceError:
            (problem, code, isTemporary) = (error.description, error.code.rawValue, error.code == .changed)
        case let error as TooManyRejects: (problem, code, isTemporary) = (error.description, "rejected", false)
        case let error as FeedError: (problem, code, isTemporary) = (error.description, "mapping", false)
        default: (problem, code, isTemporary) = ("\(error)", "store", true)
        }
    }
}
