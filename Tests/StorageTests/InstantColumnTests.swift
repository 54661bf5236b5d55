import Domain
import Postgres
import TestDatabase
import TestStorage
import Testing

@testable import Storage

@Suite(migratedDatabase())
struct InstantColumnTests {
    @Test(arguments: [
        (Instant.earliest, "-infinity"), (.latest, "infinity"),
        (Instant(microseconds: -1), "1969-12-31T23:59:59.999999Z"),
        (Instant(seconds: 946_684_800), "2000-01-01T00:00:00Z"),
    ])
    func anInstantIsThatOfTheServerBothWays(_ instant: Instant, _ text: String) async throws {
        try await withConnection { connection in
            let rows = try await connection.query(
                "SELECT $1::timestamptz = $2::text::timestamptz, $2::text::timestamptz", [instant, text])
            #expect(try rows[0].get(0) == true)
            #expect(try rows[0].get(1) == instant)
        }
    }
}
