import Domain
import Postgres
import TestStorage
import Testing

@testable import Storage

/// Amounts in PostgreSQL's binary form of `numeric`, by PostgreSQL's own reading of their digits.
@Suite(migratedDatabase(), .serialized)
struct AmountColumnTests {
    private static let texts = [
        "0.00", "0.01", "-0.01", "0.10", "1.00", "99.99", "100.00", "9999.99", "10000.00", "-10000.01", "12345678.90",
        "100000000.00", "-999999999999.99", "999999999999.99", "100000000000.05", "20000.00",
    ]

    @Test(arguments: texts)
    func anAmountComesAndGoesExactly(_ text: String) async throws {
        try await withConnection { connection in
            let amount = try #require(Amount(text))
            let rows = try await connection.query(
                "SELECT $1::numeric(14,2)::text AS written, $2::text::numeric(14,2) AS read", [amount, text])
            var fields = rows[0].fields
            #expect(try fields.next("written", as: String.self) == text)
            #expect(try fields.next("read", as: Amount.self) == amount)
        }
    }

    @Test func aNumberThatIsNoAmountIsNotRead() async throws {
        try await withConnection { connection in
            for text in ["0.001", "1000000000000.00", "NaN", "1e20"] {
                let rows = try await connection.query("SELECT $1::text::numeric AS n", [text])
                #expect(throws: PostgresError.self) { try rows[0].get(0, as: Amount.self) }
            }
        }
    }
}
