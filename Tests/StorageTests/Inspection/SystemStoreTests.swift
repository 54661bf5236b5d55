import Domain
import Postgres
import TestDatabase
import TestDomain
import TestStorage
import Testing

@testable import Storage

@Suite(migratedDatabase(), .serialized)
struct SystemStoreTests {
    private func status(after statements: String...) async throws -> SystemStatus {
        try await withConnection { connection in
            for statement in statements { _ = try await connection.query(statement, []) }
            return try await SystemStore(connection, sql: try Checkout.sql()).status()
        }
    }

    @Test func jobsAreToldByKindWithThoseThatAreDueAlone() async throws {
        let status = try await status(
            after: "DELETE FROM jobs",
            """
            INSERT INTO jobs (kind, run_at) VALUES ('a', now() - interval '20 minutes'),
                ('a', now() - interval '1 minute'), ('a', now() + interval '1 hour'), ('b', now() + interval '1 hour')
            """,
            "INSERT INTO job_totals (kind, outcome, total) VALUES ('a', 'finished', 2), ('c', 'failed', 4)")
        let queues = Dictionary(uniqueKeysWithValues: status.queues.map { ($0.kind, $0) })
        #expect(queues.keys.sorted() == ["a", "b", "c"])
        #expect(queues["a"]?.waiting == 2)
        #expect(queues["a"]?.running == 0)
        #expect(queues["a"]?.finished == 2)
        #expect(queues["a"]?.failed == 0)
        #expect((queues["a"]?.longestWait ?? .zero) >= .seconds(1200))
        #expect(queues["b"] == SystemStatus.Queue(kind: "b"))
        #expect(queues["c"] == SystemStatus.Queue(kind: "c", failed: 4))
    }

    @Test func activeModelsAreToldWithTheirDriftAndOthersAreNot() async throws {
        let columns = """
            dataset, kind, from_day, to_day, payments, features, parameters, metrics, library, file, state, sha256,
            trained_at, drift_at, drift_index
            """
        let values = "'paid', 'clustering', '2020-01-01', '2020-12-31', 1, '{a}', '{}', '{}', 'a library', 'x'"
        let status = try await status(
            after: """
                INSERT INTO datasets (slug, title, licence, attribution, resolutions)
                VALUES ('paid', 'Paid', 'CC0-1.0', 'nobody', '{7}')
                """,
            """
            INSERT INTO models (\(columns)) VALUES
                (\(values), 'retired', sha256('a'), '2021-01-01', NULL, NULL),
                (\(values), 'active', sha256('b'), '2021-02-01', '2021-03-01', 0.3)
            """)
        #expect(status.models.map(\.dataset) == ["paid"])
        #expect(status.models.map(\.kind) == ["clustering"])
        #expect(status.models.map(\.library) == ["a library"])
        #expect(status.models.map(\.drift) == [0.3])
        #expect(status.models.map { $0.compared == nil } == [false])
        #expect(status.view.generation >= 1)
        #expect(status.view.rows == 0)
    }
}
