import Postgres
import TestDatabase
import Testing

@Suite(.database)
struct CopyTests {
    private struct Sum: Sendable {
        var rows = 0
        var integers: Int64 = 0
        var doubles = 0.0
    }

    @Test func rowsInHalvesAreTheSameRows() async throws {
        let connection = try await PostgresConnection(TestDatabase.options)
        try await connection.execute("CREATE TABLE halves (n int8, t text)")
        var buffer = CopyBuffer()
        for index in 0..<11 {
            buffer.beginRow(fields: 2)
            buffer.append(Int64(index))
            buffer.append(index % 3 == 0 ? String?.none : String(repeating: "x", count: index * index))
        }
        var whole = [buffer]
        var single: [CopyBuffer] = []
        while let next = whole.popLast() {
            if let (first, second) = next.halves() {
                whole += [second, first]
            } else {
                single.append(next)
            }
        }
        #expect(single.count == 11)
        for row in single {
            try await connection.copyIn("COPY halves FROM STDIN (FORMAT binary)") { try await $0.write(row) }
        }
        let same = try await connection.query(
            """
            SELECT array_agg(n) = ARRAY[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]::int8[]
                AND bool_and(t IS NOT DISTINCT FROM CASE WHEN n % 3 > 0 THEN repeat('x', (n * n)::int) END) FROM halves
            """)
        #expect(try same[0].get(0, as: Bool.self))
        await connection.close()
    }

    @Test func rowsThatGoInComeOut() async throws {
        let connection = try await PostgresConnection(TestDatabase.options)
        try await connection.execute("CREATE TABLE pairs (n int8, x float8, t text)")
        let rows = 100_000
        let copied = try await connection.copyIn("COPY pairs FROM STDIN (FORMAT binary)") { writer in
            var buffer = CopyBuffer()
            for index in 0..<rows {
                buffer.beginRow(fields: 3)
                buffer.append(Int64(index))
                buffer.append(Double(index) / 4)
                buffer.append(index % 2 == 0 ? String?.none : "odd")
                if index % 30_000 == 0 {
                    try await writer.write(buffer)
                    buffer.removeAll()
                }
            }
            try await writer.write(buffer)
        }
        #expect(copied == rows)
        let counted = try #require(await connection.query("SELECT count(t), sum(n)::int8 FROM pairs").first)
        #expect(try counted.get(0) == rows / 2)
        let sum = try await connection.copyOut("COPY (SELECT n, x FROM pairs) TO STDOUT (FORMAT binary)", into: Sum()) {
            (sum: inout Sum, row: CopyRow) throws(PostgresError) in
            var row = row
            sum.rows += 1
            sum.integers += try row.next(Int64.self)
            sum.doubles += Double(bitPattern: try row.next(UInt64.self))
        }
        let expected = Int64(rows) * Int64(rows - 1) / 2
        #expect(sum.rows == rows)
        #expect(sum.integers == expected)
        #expect(sum.doubles == Double(expected) / 4)
        #expect(connection.isReusable)
    }

    @Test func aSenderThatThrowsCopiesNothing() async throws {
        let connection = try await PostgresConnection(TestDatabase.options)
        try await connection.execute("CREATE TABLE empty_after (n int8)")
        struct GivenUp: Error {}
        await #expect(throws: GivenUp.self) {
            try await connection.copyIn("COPY empty_after FROM STDIN (FORMAT binary)") { writer in
                var buffer = CopyBuffer()
                buffer.beginRow(fields: 1)
                buffer.append(Int64(1))
                try await writer.write(buffer)
                throw GivenUp()
            }
        }
        #expect(try await connection.query("SELECT count(*) FROM empty_after").first?.get(0) == 0)
    }

    @Test func aRowTheTableRefusesIsAnErrorWithItsState() async throws {
        let connection = try await PostgresConnection(TestDatabase.options)
        try await connection.execute("CREATE TABLE positive (n int8 CHECK (n > 0))")
        let error = await #expect(throws: PostgresError.self) {
            try await connection.copyIn("COPY positive FROM STDIN (FORMAT binary)") { writer in
                var buffer = CopyBuffer()
                buffer.beginRow(fields: 1)
                buffer.append(Int64(-1))
                try await writer.write(buffer)
            }
        }
        #expect(error?.sqlState == "23514")
        #expect(connection.isReusable)
    }

    @Test func copyOfAMissingTableLeavesTheSessionUsable() async throws {
        let connection = try await PostgresConnection(TestDatabase.options)
        let error = await #expect(throws: PostgresError.self) {
            try await connection.copyIn("COPY nowhere FROM STDIN (FORMAT binary)") { _ in }
        }
        #expect(error?.sqlState == "42P01")
        #expect(connection.isReusable)
    }
}
