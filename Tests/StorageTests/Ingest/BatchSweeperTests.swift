import Domain
import Postgres
import TestDatabase
import TestDomain
import TestStorage
import Testing

@testable import Storage

/// Batches that were cut off. One after the other: a look is at all of them.
@Suite(migratedDatabase(), .serialized)
struct BatchSweeperTests {
    private static func leave(_ dataset: Slug) async throws {
        _ = try await Dataset.stored(dataset)
        try await withConnection { connection in
            try await connection.query(
                """
                INSERT INTO ingest_batches (dataset, source, sha256, mapping)
                VALUES ($1, 'a file', decode(repeat('aa', 32), 'hex'), 'canonical')
                """, [dataset])
        }
    }

    private static func sweep() async throws -> [Slug] {
        try await withConnection { try await BatchSweeper.sweep($0, sql: Checkout.sql()) }.map(\.dataset).sorted()
    }

    private static func states(_ dataset: Slug) async throws -> String {
        try await value(
            """
            SELECT string_agg(state || coalesce(' ' || error, ''), ', ' ORDER BY id)
            FROM ingest_batches WHERE dataset = $1
            """, [dataset])
    }

    @Test func whatNobodyWorksOnFailsAndWhatGoesOnStays() async throws {
        try await Self.leave("left")
        _ = try await Dataset.stored("going-on")
        let store = try IngestStore.ofTheSuite()
        _ = try await store.ingest(.sample("going-on", content: "a")) { writer in
            #expect(try await Self.sweep() == ["left"])
            #expect(try await Self.states("left") == "failed interrupted")
            #expect(try await Self.states("going-on") == "running")
            // The locks that the sweep took are released.
            #expect(
                try await store.ingest([EventChunk([SampleEvent()])], into: "left", content: "b").counts.accepted == 1)
            try await writer.write(EventChunk([SampleEvent()]))
        }
        #expect(try await Self.states("going-on") == "finished")
        #expect(try await Self.sweep() == [])
    }

    @Test func aPartThatIsStillBeingCommittedIsWaitedFor() async throws {
        try await Self.leave("parts")
        try await withConnection { part in
            try await part.transaction { part in
                try await part.query(
                    "SELECT pg_advisory_xact_lock_shared(hashtextextended('hextant ingest part parts', 0))")
                #expect(try await Self.sweep() == [])
            }
        }
        #expect(try await Self.sweep() == ["parts"])
    }
}
