package import Domain
import Postgres

/// The state of services as the database knows it.
package struct SystemStore: SystemRepository {
    /// How many models are told of at most.
    private static let mostModels = 1000

    private let database: any QueryRunner
    private let sql: SQLFiles

    /// - Parameter database: May read the queue of jobs.
    package init(_ database: any QueryRunner, sql: SQLFiles) {
        self.database = database
        self.sql = sql
    }

    /// - Throws: What ``QueryRunner/query(_:_:)`` throws.
    package func status() async throws -> SystemStatus {
        let queues = try await database.query(sql[.systemQueues], []).map(Self.queue)
        let view = try await database.query("SELECT generation, rows, refreshed_at FROM served_view", [])[0]
        let models = try await database.query(sql[.systemModels], [Self.mostModels]).map(Self.model)
        return SystemStatus(queues: queues, view: try Self.view(view), models: models)
    }

    private static func queue(_ row: PostgresRow) throws -> SystemStatus.Queue {
        var fields = row.fields
        return SystemStatus.Queue(
            kind: try fields.next("kind"), waiting: try fields.next("waiting"), running: try fields.next("running"),
            longestWait: .seconds(try fields.next("longest_wait", as: Double.self)),
            finished: try fields.next("finished"), failed: try fields.next("failed"))
    }

    private static func view(_ row: PostgresRow) throws -> SystemStatus.View {
        var fields = row.fields
        return SystemStatus.View(
            generation: try fields.next("generation"), rows: try fields.next("rows"),
            refreshed: try fields.next("refreshed_at"))
    }

    private static func model(_ row: PostgresRow) throws -> SystemStatus.Model {
        var fields = row.fields
        return SystemStatus.Model(
            id: try fields.next("id"), dataset: try fields.next("dataset"), kind: try fields.next("kind"),
            library: try fields.next("library"), trained: try fields.next("trained_at"),
            compared: try fields.next("drift_at"), drift: try fields.next("drift_index"))
    }
}
