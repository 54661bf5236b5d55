import Domain
package import Logging
package import Postgres
import ServiceLifecycle
package import Storage

/// Serves changed days soon after their events are stored, on the scale of the last run (docs/live.md).
///
/// Every server and worker may run one. One of them at a time does a dataset, by a lock of its connection, and what is
/// to be done follows from the database, so a message that was missed only delays it until the next look.
package struct LiveService: Service {
    /// The channel on which the database tells the dataset whose days have changed.
    package static let channel = "hextant_live"
    /// The time of quiet after which changed days are served.
    package static let usualQuiet = Duration.milliseconds(200)
    /// The longest that a dataset waits, however often it changes.
    private static let longest = Duration.seconds(1)
    /// The time between two looks at all datasets.
    private static let pollInterval = Duration.seconds(30)
    /// The time after which a dataset is looked at again that somebody else does.
    private static let busyPause = Duration.seconds(1)
    private static let outagePause = Duration.seconds(2)

    private let options: PostgresOptions
    private let sql: SQLFiles
    private let quiet: Duration
    private let logger: Logger

    package init(_ options: PostgresOptions, sql: SQLFiles, quiet: Duration = usualQuiet, logger: Logger) {
        var options = options
        options.statementTimeout = .seconds(60)
        self.options = options
        self.sql = sql
        self.quiet = quiet
        self.logger = logger
    }

    /// Runs until the service group shuts down. Lost connections are opened again.
    /// - Throws: Nothing; the protocol asks for the keyword.
    package func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    try await PostgresConnection.withConnection(options) { listening in
                        try await listening.listen(Self.channel)
                        try await PostgresConnection.withConnection(options) { try await serve(listening, $0) }
                    }
                } catch {
                    // The database is away, which others have logged, or there is no schema yet.
                    logger.debug("live days cannot be served", metadata: ["error": "\(error)"])
                    try? await Task.sleep(for: Self.outagePause)
                }
            }
        }
    }

    private func serve(_ listening: PostgresConnection, _ working: PostgresConnection) async throws {
        let update = LiveUpdate(options, sql: sql)
        var queue = LiveQueue(quiet: quiet, longest: Self.longest)
        var nextLook = ContinuousClock.now
        // Datasets that wait for a scoring run, so that the log says so once.
        var left: Set<Slug> = []
        while true {
            if .now >= nextLook {
                // A dataset that is not served yet has no scale.
                for row in try await working.query("SELECT dataset FROM served_marks ORDER BY dataset") {
                    queue.wait(try row.get(0), until: .now)
                }
                nextLook = .now + Self.pollInterval
            }
            while let slug = queue.popDue(at: .now) {
                switch try await self.update(slug, update, working) {
                case .served(_, _, isOver: false): queue.wait(slug, until: .now)
                case .busy: queue.wait(slug, until: .now + Self.busyPause)
                case .tooMany:
                    if left.insert(slug).inserted {
                        logger.notice(
                            "too many days have changed to be served live: score the dataset",
                            metadata: ["dataset": "\(slug)"])
                    }
                case .served, .nothing: left.remove(slug)
                case nil: break
                }
                for message in try await listening.notifications(within: .zero) { hear(message, &queue) }
            }
            let next = min(nextLook, queue.nextDue ?? nextLook)
            let pause = max(.zero, next - .now)
            for message in try await listening.notifications(within: pause) { hear(message, &queue) }
        }
    }

    private func hear(_ message: PostgresNotification, _ queue: inout LiveQueue) {
        if let slug = Slug(message.payload) { queue.hear(slug, at: .now) }
    }

    /// - Returns: `nil` for a dataset that cannot be served now, which the next look finds again.
    /// - Throws: An error that shows that the connection is lost.
    private func update(
        _ slug: Slug, _ update: LiveUpdate, _ connection: PostgresConnection
    ) async throws -> LiveUpdate.Outcome? {
        do {
            let outcome = try await update.run(slug, on: connection)
            if case .served(let days, let generation?, _) = outcome {
                logger.debug(
                    "live days served",
                    metadata: ["dataset": "\(slug)", "days": "\(days)", "generation": "\(generation)"])
            }
            return outcome
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            try await connection.query("SELECT 1")
            logger.warning(
                "live days of a dataset cannot be served", metadata: ["dataset": "\(slug)", "error": "\(error)"])
            return nil
        }
    }
}
