import Domain
import Postgres
import TestDatabase
import TestDomain
import TestStorage
import Testing

@testable import Storage

/// The dataset of requests that name none.
@Suite(migratedDatabase())
struct UsualDatasetTests {
    @Test func itIsTheOneWithTheMostEventsServedThatSomebodySees() async throws {
        try await withConnection { connection in
            let store = DatasetStore(connection, sql: try Checkout.sql())
            #expect(try await store.usual(of: .all) == nil)
            for slug: Slug in ["a-small", "b-unserved", "c-large", "d-hidden", "e-large"] {
                _ = try await Dataset.stored(slug)
            }
            try await connection.query("UPDATE datasets SET visibility = 'private' WHERE slug = 'd-hidden'")
            func usual(_ scope: DatasetScope) async throws -> String? {
                try await store.usual(of: scope)?.dataset.slug.text
            }
            // Where nothing is served, the first by slug.
            #expect(try await usual(.all) == "a-small")
            for (slug, events) in [("a-small", 3), ("c-large", 70), ("d-hidden", 900), ("e-large", 70)] {
                try await connection.query(
                    """
                    INSERT INTO served_datasets (
                        dataset, resolution, rows, first_day, last_day, west, south, east, north, events)
                    SELECT $1, r, 1, '2021-01-01', '2021-01-02', 0, 0, 1, 1, $2 FROM unnest(ARRAY[7, 8]) r
                    """, [slug, events])
            }
            #expect(try await usual(.all) == "d-hidden")
            #expect(try await usual(DatasetScope(.open)) == "c-large")
            #expect(try await usual(DatasetScope(.open, named: ["d-hidden"])) == "d-hidden")
            #expect(try await usual(DatasetScope(.none, named: ["a-small", "b-unserved"])) == "a-small")
            #expect(try await usual(DatasetScope(.none, named: ["b-unserved"])) == "b-unserved")
            #expect(try await usual(DatasetScope(.none)) == nil)
            let found = try await store.usual(of: .all)
            let stated = try await store.status(of: "d-hidden")
            #expect(found == stated)
        }
    }
}
