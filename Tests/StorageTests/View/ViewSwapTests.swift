import Domain
import H3
import Postgres
import Synchronization
import TestDatabase
import TestDomain
import TestStorage
import Testing

@testable import Storage

private final class Refreshes: Sendable {
    let areOver = Atomic(false)
}

/// Refreshes and readers at the same time.
@Suite(migratedDatabase(), .serialized)
struct ViewSwapTests {
    private static func refresher() throws -> ViewRefresh {
        ViewRefresh(TestDatabase.options, sql: try Checkout.sql())
    }

    private static func generation() async throws -> Int64 { try await value("SELECT generation FROM served_view") }

    @Test func aLongReaderDelaysTheSwapAndHoldsUpNoOtherReader() async throws {
        let before = try await Self.generation()
        let refresher = try Self.refresher()
        let tried = Signal()
        let outcome = try await withConnection { reader in
            try await reader.execute("BEGIN; SELECT count(*) FROM mv_daily_risk")
            async let refreshed = refresher.refresh { step in
                if case .swapping(attempt: 3) = step { tried.raise() }
            }
            await tried.wait()
            try await withReaders { readers in
                for _ in 0..<20 { _ = try await readers.query("SELECT count(*) FROM mv_daily_risk") }
            }
            #expect(try await Self.generation() == before)
            try await reader.execute("COMMIT")
            return try await refreshed
        }
        #expect(outcome.generation == before + 1)
    }

    @Test func aReaderThatNeverLetsGoEndsTheRefreshAndLeavesTheServedView() async throws {
        let before = try await Self.generation()
        try await withConnection { reader in
            try await reader.execute("BEGIN; SELECT count(*) FROM mv_daily_risk")
            let error = await #expect(throws: StorageError.self) {
                try await Self.refresher().refresh(patience: .milliseconds(1))
            }
            #expect(error?.code == .blocked)
            let process = try await reader.query("SELECT pg_backend_pid()")[0].get(0, as: Int.self)
            #expect(error?.message.contains("process \(process) (idle in transaction)") == true)
            try await reader.execute("COMMIT")
        }
        #expect(try await Self.generation() == before)
        #expect(try await Self.refresher().refresh().generation == before + 1)
    }

    @Test func aReaderOfWhatWasServedBeforeHoldsUpTheNextRefreshForItsPatienceOnly() async throws {
        let before = try await Self.generation()
        try await withConnection { reader in
            try await reader.execute("CREATE TABLE mv_daily_risk_old AS SELECT 1")
            try await reader.execute("BEGIN; TABLE mv_daily_risk_old")
            let error = await #expect(throws: StorageError.self) {
                try await Self.refresher().refresh(patience: .milliseconds(1))
            }
            #expect(error?.code == .blocked)
            #expect(error?.message.contains("mv_daily_risk_old") == true)
            try await reader.execute("COMMIT")
        }
        #expect(try await Self.generation() == before)
        #expect(try await Self.refresher().refresh().generation == before + 1)
    }

    @Test func aSecondRefreshIsBusy() async throws {
        let refresher = try Self.refresher()
        let building = Signal()
        try await withConnection { holder in
            // Stops the first refresh while it builds.
            try await holder.execute("BEGIN; LOCK TABLE cell_aggregates IN ACCESS EXCLUSIVE MODE")
            async let first = refresher.refresh { _ in building.raise() }
            await building.wait()
            let error = await #expect(throws: StorageError.self) { try await refresher.refresh() }
            #expect(error?.code == .busy)
            try await holder.execute("COMMIT")
            #expect(try await first.generation > 0)
        }
    }

    /// served_view has the count that belongs to a generation; a statement must never see one without the other.
    @Test func aStatementSeesTheOldViewOrTheNewOneNeverAMix() async throws {
        _ = try await Dataset.stored("mix")
        let refresher = try Self.refresher()
        let refreshes = Refreshes()
        try await withReaders { readers in
            async let seen = {
                var generations: Set<Int64> = []
                while !refreshes.areOver.load(ordering: .relaxed) {
                    let row = try await readers.query(
                        "SELECT generation, rows, (SELECT count(*) FROM mv_daily_risk) FROM served_view")[0]
                    #expect(try row.get(1, as: Int.self) == row.get(2, as: Int.self))
                    generations.insert(try row.get(0))
                }
                return generations
            }()
            for index in 0..<8 {
                let cell = try H3Cell(latitude: 40, longitude: Double(index), resolution: 7)
                try await [RiskRow.sample(cell, "2021-06-01")].store("mix")
                _ = try await refresher.refresh()
            }
            refreshes.areOver.store(true, ordering: .relaxed)
            #expect(try await !seen.isEmpty)
        }
    }
}
