package import Breaker
package import Domain
package import Logging
package import Postgres
import ServiceLifecycle
import Synchronization

/// Reports what has changed of the served view: by NOTIFY at once, and by a query twice a second.
package struct GenerationListener: Service {
    private static let pollInterval = Duration.milliseconds(500)
    /// How many changes are told one by one. More of them are told as one change of everything.
    private static let changeLimit: Int64 = 10_000

    private let listener: ChannelListener
    private let onNews: @Sendable (ServedNews) -> Void

    package init(
        _ options: PostgresOptions, outages: OutageLog = .ofDatabase(), logger: Logger,
        onNews: @escaping @Sendable (ServedNews) -> Void
    ) {
        listener = ChannelListener(options: options, channel: ViewRefresh.channel, outages: outages, logger: logger)
        self.onNews = onNews
    }

    /// Runs until the service group shuts down. A lost connection is opened again.
    /// - Throws: Nothing; the protocol asks for the keyword.
    package func run() async throws {
        // The generation that was told stays known, so another connection asks for the changes since.
        let told = LastTold()
        await listener.run { connection, isBack in
            while true {
                // Queried rather than taken from the message, so that it is committed and no message can be missed.
                let news = try await Self.news(after: told.generation, connection)
                onNews(news)
                told.generation = news.generation
                isBack()
                _ = try await connection.notifications(within: Self.pollInterval)
            }
        }
    }

    private static func news(after generation: Int64, _ connection: PostgresConnection) async throws -> ServedNews {
        let rows = try await connection.query(
            """
            SELECT v.generation, v.whole_generation, c.dataset, c.day, c.generation AS changed
            FROM served_view v
            LEFT JOIN (
                SELECT dataset, day, generation FROM served_changes
                WHERE generation > $1 ORDER BY generation DESC LIMIT $2
            ) c ON c.generation > v.whole_generation
            """, [generation, changeLimit + 1])
        var news = ServedNews(generation: 0, whole: 0, changes: [])
        for row in rows {
            var fields = row.fields
            news.generation = try fields.next("generation")
            news.whole = try fields.next("whole_generation")
            guard let dataset = try fields.next("dataset", as: Slug?.self) else { continue }
            news.changes?.append(
                ServedChange(
                    dataset: dataset, day: try fields.next("day"), generation: try fields.next("changed")))
        }
        if Int64(rows.count) > changeLimit { news.changes = nil }
        return news
    }
}

/// The generation that was last reported.
private final class LastTold: Sendable {
    private let number = Atomic<Int64>(-1)

    var generation: Int64 {
        get { number.load(ordering: .relaxed) }
        set { number.store(newValue, ordering: .relaxed) }
    }
}
