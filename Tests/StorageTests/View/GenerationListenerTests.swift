import Domain
import Logging
import Postgres
import TestDatabase
import TestStorage
import Testing

@testable import Storage

@Suite(migratedDatabase(), .serialized)
struct GenerationListenerTests {
    private static func refresh() async throws -> Int64 {
        try await ViewRefresh(TestDatabase.options, sql: Checkout.sql()).refresh().generation
    }

    /// Runs `body` with a listener and the stream of generations that it reports.
    private static func whileListening(
        _ body: (inout AsyncStream<Int64>.Iterator) async throws -> Void
    ) async throws {
        let (generations, continuation) = AsyncStream<Int64>.makeStream()
        var options = TestDatabase.options
        options.applicationName = "generation listener"
        let listener = GenerationListener(options, logger: Logger(label: "test")) { continuation.yield($0.generation) }
        let task = Task { try await listener.run() }
        var iterator = generations.makeAsyncIterator()
        do {
            try await body(&iterator)
        } catch {
            task.cancel()
            throw error
        }
        task.cancel()
        try await task.value
    }

    /// Reads generations until `wanted` arrives; those before it must be older.
    private static func hear(_ wanted: Int64, in generations: inout AsyncStream<Int64>.Iterator) async {
        while let generation = await generations.next(), generation != wanted { #expect(generation < wanted) }
    }

    @Test func itTellsTheGenerationAtOnceAndAfterEveryRefresh() async throws {
        let current: Int64 = try await value("SELECT generation FROM served_view")
        try await Self.whileListening { generations in
            #expect(await generations.next() == current)
            for _ in 0..<2 { await Self.hear(try await Self.refresh(), in: &generations) }
        }
    }

    @Test func aLostSessionIsOpenedAgain() async throws {
        try await Self.whileListening { generations in
            _ = await generations.next()
            try await withConnection { connection in
                try await connection.execute(
                    """
                    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                    WHERE datname = current_database() AND application_name = 'generation listener'
                    """)
            }
            await Self.hear(try await Self.refresh(), in: &generations)
        }
    }
}
