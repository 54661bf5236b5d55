import Postgres
import TestDatabase
import TestStorage
import Testing

@testable import Storage

/// The schema of the checkout, migrated all the way up and down.
@Suite(.database, .serialized)
struct SchemaTests {
    /// Our own tables, views, types and functions, without those of extensions.
    private static let objects = """
        SELECT string_agg(name, ' ' ORDER BY name) FROM (
            SELECT relname AS name FROM pg_class c
            WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v', 'm')
                AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = c.oid AND deptype = 'e')
            UNION SELECT typname FROM pg_type t
            WHERE typnamespace = 'public'::regnamespace AND typtype = 'e'
                AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = t.oid AND deptype = 'e')
            UNION SELECT proname FROM pg_proc p
            WHERE pronamespace = 'public'::regnamespace
                AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = p.oid AND deptype = 'e')) AS ours
        """

    @Test func theSchemaGoesUpAndDownAndUpAgain() async throws {
        let objects = try await withConnection { connection in
            let migrations = try Checkout.migrations()
            let migrator = Migrator(connection, migrations: migrations)
            #expect(try await migrator.up() == migrations.map(\.name))
            let objects: String = try await connection.query(Self.objects)[0].get(0)
            #expect(objects.contains("cell_aggregates"))
            #expect(objects.contains("risk_slice"))
            #expect(try await migrator.status().allSatisfy(\.isApplied))
            #expect(try await migrator.down(steps: nil) == migrations.map(\.name).reversed())
            #expect(try await connection.query(Self.objects)[0].get(0, as: String.self) == "schema_migrations")
            #expect(
                try await connection.query("SELECT extname::text FROM pg_extension").map { try $0.get(0) } == [
                    "plpgsql"
                ])
            return objects
        }
        // TimescaleDB is loaded once per connection, and the last connection dropped it.
        try await withConnection { connection in
            let migrations = try Checkout.migrations()
            #expect(try await Migrator(connection, migrations: migrations).up() == migrations.map(\.name))
            #expect(try await connection.query(Self.objects)[0].get(0) == objects)
        }
    }

    @Test(arguments: [
        "idx_events_geom_gist", "idx_h3_cells_geom_gist",
    ])
    func geometriesHaveGiST(_ index: String) async throws {
        try await withConnection { connection in
            _ = try await Migrator(connection, migrations: Checkout.migrations()).up()
            let method = try await connection.query(
                "SELECT amname::text FROM pg_class c JOIN pg_am a ON a.oid = c.relam WHERE relname = $1", [index])
            #expect(try method.map { try $0.get(0, as: String.self) } == ["gist"])
        }
    }
}
