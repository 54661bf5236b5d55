import Postgres
import TestDatabase
import Testing

@Suite(.database)
struct PostgresPoolTests {
    @Test func manyCallersShareFewSessions() async throws {
        let pool = PostgresPool(TestDatabase.options, capacity: 3, maxWait: .seconds(120))
        let processes = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<60 {
                group.addTask {
                    try await pool.withConnection { connection in
                        let rows = try await connection.query("SELECT pg_backend_pid(), pg_sleep(0.002)")
                        return try rows[0].get(0)
                    }
                }
            }
            return try await group.reduce(into: Set<Int>()) { $0.insert($1) }
        }
        #expect((1...3).contains(processes.count))
        #expect(pool.load.leased == 0)
        await pool.close()
    }

    @Test func aBrokenSessionIsReplaced() async throws {
        let pool = PostgresPool(TestDatabase.options, capacity: 1)
        await #expect(throws: PostgresError.self) {
            try await pool.query("SELECT pg_terminate_backend(pg_backend_pid())")
        }
        #expect(try await pool.query("SELECT 5").first?.get(0) == 5)
        await pool.close()
    }

    @Test func anOpenTransactionDoesNotReachTheNextCaller() async throws {
        let pool = PostgresPool(TestDatabase.options, capacity: 1)
        try await pool.withConnection { _ = try await $0.execute("BEGIN; CREATE TABLE never_committed (n int)") }
        let row = try #require(await pool.query("SELECT to_regclass('never_committed') IS NULL").first)
        #expect(try row.get(0) == true)
        await pool.close()
    }

    @Test func waitingEndsInAClearError() async throws {
        let pool = PostgresPool(TestDatabase.options, capacity: 1, maxWaiters: 1, maxWait: .milliseconds(30))
        let error = await #expect(throws: PostgresError.self) {
            try await pool.withConnection { _ in
                _ = try await pool.query("SELECT 1")
            }
        }
        #expect(error?.code == .poolExhausted)
        #expect(try await pool.query("SELECT 6").first?.get(0) == 6)
        await pool.close()
    }

    @Test func aFullQueueIsRefusedAtOnce() async throws {
        let pool = PostgresPool(TestDatabase.options, capacity: 1, maxWaiters: 0, maxWait: .seconds(60))
        let error = await #expect(throws: PostgresError.self) {
            try await pool.withConnection { _ in
                _ = try await pool.query("SELECT 1")
            }
        }
        #expect(error?.code == .poolExhausted)
        await pool.close()
    }

    @Test func aCancelledWaiterLeavesTheQueue() async throws {
        let pool = PostgresPool(TestDatabase.options, capacity: 1)
        try await pool.withConnection { _ in
            let waiter = Task { try await pool.query("SELECT 1") }
            while pool.load.waiting == 0 { await Task.yield() }
            waiter.cancel()
            let error = await #expect(throws: PostgresError.self) { try await waiter.value }
            #expect(error?.code == .cancelled)
            #expect(pool.load.waiting == 0)
        }
        await pool.close()
    }

    @Test func aClosedPoolLendsNothing() async throws {
        let pool = PostgresPool(TestDatabase.options, capacity: 1)
        await pool.close()
        let error = await #expect(throws: PostgresError.self) { try await pool.query("SELECT 1") }
        #expect(error?.code == .closed)
    }
}
