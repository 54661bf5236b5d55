import Postgres
import TestDatabase
import Testing

@Suite(.database)
struct PostgresConnectionTests {
    private func connect(timeout: Duration? = nil) async throws -> PostgresConnection {
        var options = TestDatabase.options
        options.statementTimeout = timeout
        return try await PostgresConnection(options)
    }

    @Test func valuesComeBackAsTheyWent() async throws {
        let connection = try await connect()
        let row = try #require(
            await connection.query(
                "SELECT $1, $2, $3, $4, $5, $6, $7, $8",
                [
                    true, Int16.min, Int32.max, Int64.min, -1.5e-300, "naïve 'quoted' \u{1F5FA}",
                    PostgresTimestamp(microseconds: -62_135_596_800_000_000), PostgresBytes([0, 255, 10]),
                ]
            ).first)
        #expect(try row.get(0) == true)
        #expect(try row.get(1) == Int64(Int16.min))
        #expect(try row.get(2) == Int64(Int32.max))
        #expect(try row.get(3) == Int64.min)
        #expect(try row.get(4) == -1.5e-300)
        #expect(try row.get(5) == "naïve 'quoted' \u{1F5FA}")
        #expect(try row.get(6) == PostgresTimestamp(microseconds: -62_135_596_800_000_000))
        #expect(try row.get(7, as: [UInt8].self) == [0, 255, 10])
    }

    @Test func theServerReadsOurBinaryForms() async throws {
        let row = try #require(
            await connect().query(
                "SELECT $1::text, $2::text, ($3)[2], cardinality($4), $5::text",
                [
                    Int64(-42), PostgresTimestamp(microseconds: 1_500_000), PostgresArray(["a", "b"]),
                    PostgresArray([Int32]()), PostgresArray([1.5, -2]),
                ]
            ).first)
        #expect(try row.get(0) == "-42")
        #expect(try row.get(1, as: String.self).hasPrefix("1970-01-01 "))
        #expect(try row.get(2) == "b")
        #expect(try row.get(3) == 0)
        #expect(try row.get(4) == "{1.5,-2}")
    }

    @Test func nullIsNotEmpty() async throws {
        let row = try #require(
            await connect().query("SELECT $1, $2", [String?.none, String?.some("")]).first)
        #expect(try row.get(0, as: String?.self) == nil)
        #expect(try row.get(1, as: String?.self) == "")
        #expect(throws: PostgresError.self) { try row.get(0, as: String.self) }
    }

    @Test func aWrongTypeIsAnErrorThatNamesTheColumn() async throws {
        let row = try #require(await connect().query("SELECT 'x'::text AS colour").first)
        let error = #expect(throws: PostgresError.self) { try row.get(0, as: Int.self) }
        #expect(error?.code == .decoding)
        #expect(error?.message.contains("colour") == true)
    }

    @Test func anErrorHasItsStateAndLeavesTheSessionUsable() async throws {
        let connection = try await connect()
        let error = await #expect(throws: PostgresError.self) { try await connection.query("SELECT 1/0") }
        #expect(error?.sqlState == "22012")
        #expect(error?.code == .server)
        #expect(try await connection.query("SELECT 7").first?.get(0) == 7)
        #expect(connection.isReusable)
    }

    @Test func aTransactionThatThrowsLeavesNothing() async throws {
        let connection = try await connect()
        try await connection.execute("CREATE TABLE half (n int)")
        struct GivenUp: Error {}
        await #expect(throws: GivenUp.self) {
            try await connection.transaction { session in
                try await session.query("INSERT INTO half VALUES ($1)", [Int32(1)])
                throw GivenUp()
            }
        }
        #expect(try await connection.query("SELECT count(*) FROM half").first?.get(0) == 0)
    }

    @Test func aSlowStatementEndsByTheServersTimeout() async throws {
        let connection = try await connect(timeout: .milliseconds(50))
        let error = await #expect(throws: PostgresError.self) { try await connection.query("SELECT pg_sleep(30)") }
        #expect(error?.code == .timeout)
        #expect(error?.sqlState == "57014")
    }

    @Test func aCancelledTaskCancelsItsStatementOnTheServer() async throws {
        let connection = try await connect()
        let process = try await expectCancelled(connection) { try await $0.query("SELECT pg_sleep(60)") }
        let running = "SELECT count(*) FROM pg_stat_activity WHERE pid = $1 AND state = 'active'"
        #expect(try await connect().query(running, [process]).first?.get(0) == 0)
    }

    /// It is no sign that the database is away.
    @Test func aCancelledTaskIsToldSoEvenIfItsStatementGoesOn() async throws {
        let connection = try await connect()
        let process = try await expectCancelled(connection) {
            try await $0.execute(
                """
                DO $$ BEGIN
                    LOOP
                        BEGIN
                            PERFORM pg_sleep(60);
                        EXCEPTION WHEN query_canceled THEN
                            -- One request may come as two signals.
                        END;
                    END LOOP;
                END $$
                """)
        }
        try await connect().query("SELECT pg_terminate_backend($1::int)", [Int32(process)])
    }

    /// Cancels the task of a statement that sleeps, and expects that it is told so.
    ///
    /// - Returns: The server's process of the connection.
    private func expectCancelled(
        _ connection: PostgresConnection,
        _ statement: @escaping @Sendable (PostgresConnection) async throws -> PostgresRows
    ) async throws -> Int {
        let process: Int = try #require(await connection.query("SELECT pg_backend_pid()").first).get(0)
        let task = Task { try await statement(connection) }
        let observer = try await connect()
        let sleeping = "SELECT count(*) FROM pg_stat_activity WHERE pid = $1 AND wait_event = 'PgSleep'"
        while try await observer.query(sleeping, [process]).first?.get(0) == 0 {
            try await Task.sleep(for: .milliseconds(5))
        }
        task.cancel()
        let error = await #expect(throws: PostgresError.self) { try await task.value }
        #expect(error?.code == .cancelled)
        #expect(!connection.isReusable)
        return process
    }

    @Test func aTerminatedSessionIsAConnectionError() async throws {
        let connection = try await connect()
        let process: Int = try #require(await connection.query("SELECT pg_backend_pid()").first).get(0)
        try await connect().query("SELECT pg_terminate_backend($1::int)", [Int32(process)])
        let error = await #expect(throws: PostgresError.self) {
            while true { try await connection.query("SELECT 1") }
        }
        #expect(error?.code == .connection)
        #expect(!connection.isReusable)
    }

    @Test func aWrongPasswordIsToldWithoutThePassword() async throws {
        let address = "postgresql://nobody:opensesame@127.0.0.1:1/none"
        let error = await #expect(throws: PostgresError.self) {
            try await PostgresConnection(PostgresOptions(url: address))
        }
        #expect(error?.code == .connection)
        #expect(error?.description.contains("opensesame") == false)
    }
}
