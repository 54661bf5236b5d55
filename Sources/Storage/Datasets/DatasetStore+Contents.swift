package import Domain
import Postgres

extension DatasetStore {
    /// The slugs among some that no dataset has.
    /// - Throws: What ``QueryRunner/query(_:_:)`` throws.
    package func missing(of slugs: Set<Slug>) async throws -> Set<Slug> {
        let rows = try await database.query(
            """
            SELECT slug FROM unnest($1::text[]) AS wanted (slug)
            WHERE NOT EXISTS (SELECT FROM datasets d WHERE d.slug = wanted.slug)
            """, [PostgresArray(slugs.sorted())])
        return Set(try rows.map { try $0.get(0, as: Slug.self) })
    }

    /// The first slugs in their order.
    /// - Throws: What ``QueryRunner/query(_:_:)`` throws.
    package func slugs(limit: Int) async throws -> [Slug] {
        try await database.query("SELECT slug FROM datasets ORDER BY slug LIMIT $1::bigint", [limit])
            .map { try $0.get(0) }
    }

    /// The numbers of what is stored of a dataset.
    package struct Contents: Hashable, Sendable {
        /// Events, or expenditures.
        package let events: Int
        /// Finished batches.
        package let batches: Int
        /// Rejected records that have not become events.
        package let deadLetters: Int
        /// When the last ingest finished.
        package let lastIngest: Instant?
    }

    /// Counts what is stored of a dataset, which takes the longer the more events it has.
    /// - Throws: What ``QueryRunner/query(_:_:)`` throws.
    package func contents(of slug: Slug) async throws -> Contents {
        var fields = try await database.query(
            """
            SELECT
                (SELECT count(*) FROM events WHERE dataset = $1)
                    + (SELECT count(*) FROM expenditures WHERE dataset = $1) AS events,
                count(*) AS batches,
                coalesce(sum(rejected), 0)::bigint AS rejected, max(finished_at) AS finished_at
            FROM ingest_batches
            WHERE dataset = $1 AND state = 'finished'
            """, [slug])[0].fields
        return Contents(
            events: try fields.next("events"), batches: try fields.next("batches"),
            deadLetters: try fields.next("rejected"), lastIngest: try fields.next("finished_at"))
    }
}
