import Domain
import Postgres
import TestDatabase
import TestDomain
import TestStorage
import Testing

@testable import Storage

/// The record of a run, whatever became of it.
@Suite(migratedDatabase())
struct RunRecordTests {
    private static let day = LocalDay("2021-06-01")

    private static func scoring() throws -> ScoringRun { ScoringRun(TestDatabase.options, sql: try Checkout.sql()) }

    @Test func aRunIsRecordedWithItsFigures() async throws {
        let dataset = try await Dataset.stored("recorded")
        let events = EventChunk([SampleEvent(), SampleEvent(longitude: 10)])
        try await IngestStore.ofTheSuite().ingest([events], into: "recorded", content: "a")
        let outcome = try await Self.scoring().run(.init(dataset: dataset, resolutions: [6, 7]))
        try await withConnection { connection in
            let row = try await connection.query(
                """
                SELECT dataset, resolutions = '{6,7}', from_day = '2021-06-01' AND to_day = '2021-06-01', state::text,
                    progress, events, rows, error, finished_at >= started_at
                FROM analytics_runs WHERE id = $1
                """, [outcome.run])[0]
            #expect(try row.get(0) == "recorded")
            #expect(try row.get(1) == true)
            #expect(try row.get(2) == true)
            #expect(try row.get(3) == "finished")
            #expect(try row.get(4) == 1.0)
            #expect(try row.get(5) == 2)
            #expect(try row.get(6) == 4)
            #expect(try row.get(7, as: String?.self) == nil)
            #expect(try row.get(8) == true)
        }
    }

    @Test func aRunThatFailsIsRecordedWithItsError() async throws {
        var dataset = try await Dataset.stored("failed")
        dataset.timeZone = "Mars/Phobos"
        let request = ScoringRun.Request(dataset: dataset, resolutions: [7], from: Self.day, to: Self.day)
        await #expect(throws: (any Error).self) { try await Self.scoring().run(request) }
        let error: String = try await value(
            "SELECT error FROM analytics_runs WHERE dataset = 'failed' AND state = 'failed' AND finished_at IS NOT NULL"
        )
        #expect(error.contains("Mars/Phobos"))
        // The lock is free again.
        dataset.timeZone = "UTC"
        #expect(try await Self.scoring().run(.init(dataset: dataset, resolutions: [7])).days == nil)
    }

    @Test func aSecondRunOfADatasetIsBusy() async throws {
        let dataset = try await Dataset.stored("busy")
        let scoring = try Self.scoring()
        let request = ScoringRun.Request(dataset: dataset, resolutions: [7], from: Self.day, to: Self.day)
        let reading = Signal()
        try await withConnection { holder in
            // Stops the first run at its first read.
            try await holder.execute("BEGIN; LOCK TABLE event_days IN ACCESS EXCLUSIVE MODE")
            async let first = scoring.run(request) { _ in reading.raise() }
            await reading.wait()
            let error = await #expect(throws: StorageError.self) { try await scoring.run(request) }
            #expect(error?.code == .busy)
            try await holder.execute("COMMIT")
            #expect(try await first.resolutions.count == 1)
        }
    }
}
