import Accounts
import Domain
import Postgres
import TestDatabase
import TestDomain
import TestStorage
import Testing

@testable import Storage

/// Batches whose sender has, or loses, the right to the dataset.
@Suite(migratedDatabase(), .serialized)
struct HeldRightTests {
    private static let slug: Slug = "guarded"

    private static func prepared() async throws -> (session: Requester, key: Requester) {
        _ = try await Dataset.stored(slug)
        return try await withConnection { connection in
            try await connection.execute(
                """
                DELETE FROM dataset_grants; DELETE FROM api_keys; DELETE FROM users; DELETE FROM ingest_batches;
                DELETE FROM events; UPDATE datasets SET visibility = 'private';
                INSERT INTO users (username, password_hash, role) VALUES ('ada', 'x', 'analyst');
                INSERT INTO dataset_grants (dataset, user_id) SELECT 'guarded', id FROM users;
                INSERT INTO api_keys (name, hash, role, datasets)
                VALUES ('machine', decode(repeat('ab', 32), 'hex'), 'analyst', '{guarded}')
                """)
            let session: Int64 = try await connection.query(
                """
                INSERT INTO sessions (user_id, expires_at) SELECT id, now() + interval '1 hour' FROM users RETURNING id
                """)[0].get(0)
            return (
                Requester(name: "user ada", credential: .session(session)),
                Requester(name: "key machine", credential: .key(Array(repeating: 0xab, count: 32)))
            )
        }
    }

    private static func ingest(_ requester: Requester, meanwhile change: String?) async throws {
        let chunk = EventChunk([SampleEvent(), SampleEvent(longitude: 10)])
        _ = try await IngestStore.ofTheSuite().ingest(
            .init(
                dataset: slug, source: "test", sha256: String(repeating: "1", count: 64), mapping: "canonical",
                requester: requester)
        ) { writer in
            try await writer.write(chunk)
            if let change { try await withConnection { try await $0.execute(change) } }
        }
    }

    private static func stored() async throws -> Int {
        try await value("SELECT count(*) FROM events WHERE dataset = 'guarded'")
    }

    @Test func whoKeepsTheRightStores() async throws {
        let (session, key) = try await Self.prepared()
        try await Self.ingest(session, meanwhile: nil)
        #expect(try await Self.stored() == 2)
        try await Self.ingest(key, meanwhile: "UPDATE users SET disabled_at = now()")
        #expect(try await value("SELECT count(*) FROM ingest_batches WHERE state = 'finished'", as: Int.self) == 2)
    }

    @Test(arguments: [
        "UPDATE users SET disabled_at = now()",
        "UPDATE users SET disabled_at = now(); UPDATE users SET disabled_at = NULL",
        "UPDATE users SET password_hash = 'y'", "UPDATE users SET role = 'public'", "DELETE FROM dataset_grants",
        "UPDATE sessions SET revoked_at = now()", "UPDATE sessions SET expires_at = now()", "DELETE FROM users",
    ])
    func whoLosesItBeforeTheEndStoresNothing(change: String) async throws {
        let (session, _) = try await Self.prepared()
        let error = await #expect(throws: StorageError.self) { try await Self.ingest(session, meanwhile: change) }
        #expect(error?.code == .right)
        #expect(try await Self.stored() == 0)
        #expect(try await value("SELECT state::text FROM ingest_batches", as: String.self) == "failed")
    }

    @Test(arguments: [
        "UPDATE api_keys SET revoked_at = now()", "UPDATE api_keys SET expires_at = now()",
        "UPDATE api_keys SET role = 'public'", "UPDATE api_keys SET datasets = '{}'", "DELETE FROM api_keys",
    ])
    func aKeyThatEndsStoresNothing(change: String) async throws {
        let (_, key) = try await Self.prepared()
        let error = await #expect(throws: StorageError.self) { try await Self.ingest(key, meanwhile: change) }
        #expect(error?.code == .right)
        #expect(try await Self.stored() == 0)
    }

    /// Taking a right away after it was checked waits until the batch is stored.
    @Test func theRightLastsUntilTheTransactionEnds() async throws {
        let (session, _) = try await Self.prepared()
        try await withConnection { holder in
            try await holder.execute("BEGIN")
            try await session.holdRight(to: Self.slug, on: holder)
            for change in [
                "UPDATE users SET disabled_at = now()", "DELETE FROM dataset_grants",
                "UPDATE sessions SET revoked_at = now()",
                "UPDATE datasets SET visibility = 'public' WHERE slug = 'guarded'",
            ] {
                let error = await #expect(throws: PostgresError.self) {
                    try await withConnection { try await $0.execute("SET lock_timeout = '50ms'; \(change)") }
                }
                #expect(error?.sqlState == "55P03")
            }
            try await holder.execute("ROLLBACK")
        }
    }
}
