import Postgres
import TestDatabase
import Testing

@Suite(.database)
struct PostgresFieldsTests {
    private static func rows(_ statement: String) async throws -> PostgresRows {
        try await PostgresConnection.withConnection(TestDatabase.options) { try await $0.query(statement) }
    }

    @Test func columnsAreReadByTheirNamesInTheirOrder() async throws {
        let rows = try await Self.rows(
            "SELECT n AS number, n * 0.5 AS half, 'row ' || n AS name FROM generate_series(1, 3) n")
        let read = try rows.map { row in
            var fields = row.fields
            let number: Int = try fields.next("number")
            try #require(!fields.isAtEnd)
            let half: String = try fields.nextBytes("half") { $0 == nil ? "none" : "some" }
            let name: String = try fields.next("name")
            return "\(number) \(half) \(name) \(fields.isAtEnd)"
        }
        #expect(read == ["1 some row 1 true", "2 some row 2 true", "3 some row 3 true"])
    }

    @Test func aColumnThatIsPassedCanBeReadByItsPosition() async throws {
        let row = try await Self.rows("SELECT 1 AS first, NULL::text AS second, 3 AS third")[0]
        var fields = row.fields
        let first = try fields.pass("first")
        let second = try fields.pass("second")
        #expect(try fields.next("third") == 3)
        #expect(try row.get(first) == 1)
        #expect(row.withBytes(second) { $0 == nil })
    }

    /// Statements in files may lose, gain or move columns.
    @Test(arguments: [
        ("SELECT 1 AS second, 2 AS first", "column 0 of the result is second where first is expected"),
        ("SELECT 1 AS first", "the result ends where second is expected"),
        ("SELECT 1 AS first, 0 AS new, 2 AS second", "column 1 of the result is new where second is expected"),
        ("SELECT 1 AS first, 'two' AS second", "column second of type OID 25 is not a Int"),
    ])
    func aStatementWithOtherColumnsIsNoticed(_ statement: String, _ message: String) async throws {
        var fields = try await Self.rows(statement)[0].fields
        let error = #expect(throws: PostgresError.self) {
            let sum: Int = try fields.next("first")
            return sum + (try fields.next("second"))
        }
        #expect(error?.code == .decoding)
        #expect(error?.message == message)
    }
}
