import Foundation
package import Postgres

/// Inspects a database: its version, its contents, its settings and its health.
package struct DatabaseInspection {
    let connection: PostgresConnection
    private let migrations: [Migration]

    package init(_ connection: PostgresConnection, migrations: [Migration]) {
        self.connection = connection
        self.migrations = migrations
    }

    /// All findings. A failed inspection is a finding too.
    package func findings() async -> [Finding] {
        var findings: [Finding] = []
        let looks: [(part: String, look: () async throws -> [Finding])] = [
            ("postgresql", { [try await version()] }), ("clock", { [try await clock()] }),
            ("extensions", extensions), ("schema", { [try await schema()] }), ("reader role", { [try await role()] }),
            ("indexes", { [try await indexes()] }), ("partitions", { [try await partitions()] }),
            ("settings", settings), ("cache", { [try await cache()] }),
            ("transactions", { [try await transactions()] }), ("view", { [try await view()] }),
            ("jobs", { [try await jobs()] }), ("retention", { [try await retention()] }),
            ("forecasts", { [try await forecasts()] }), ("models", { [try await models()] }),
        ]
        for (part, look) in looks {
            do {
                findings += try await look()
            } catch {
                let isMissing = ["42P01", "42703"].contains((error as? PostgresError)?.sqlState)
                findings.append(
                    Finding(
                        part, .bad, isMissing ? "a table or column is missing" : "cannot be checked: \(error)",
                        advice: isMissing ? "run `hextant migrate up`" : nil))
            }
        }
        return findings
    }

    private func version() async throws -> Finding {
        var fields = try await connection.query(
            """
            SELECT current_setting('server_version_num')::int AS number, current_setting('server_version') AS version,
                current_database() AS name, pg_size_pretty(pg_database_size(current_database())) AS size
            """)[0].fields
        let number: Int = try fields.next("number")
        let version: String = try fields.next("version")
        let name: String = try fields.next("name")
        let size: String = try fields.next("size")
        let detail = "version \(version), database \(name) of \(size)"
        guard number >= 160_000 else {
            return Finding("postgresql", .bad, detail, advice: "hextant needs version 16 or newer: upgrade the server")
        }
        return Finding("postgresql", detail)
    }

    /// Compares the clocks. Tokens are valid for minutes, and days end by the database's clock.
    private func clock() async throws -> Finding {
        let before = Date().timeIntervalSince1970
        let theirs: Double = try await connection.query("SELECT extract(epoch FROM clock_timestamp())::float8")[0].get(
            0)
        let after = Date().timeIntervalSince1970
        // The database read its clock at some moment between the two.
        let skew = theirs > after ? theirs - after : theirs < before ? theirs - before : 0
        let text = String(format: "%+.3f s from this machine's", skew)
        guard abs(skew) >= 1 else { return Finding("clock", "the database's is \(text)") }
        return Finding(
            "clock", abs(skew) >= 30 ? .bad : .advice, "the database's is \(text)",
            advice: "synchronise the clocks of all machines with NTP: a wrong clock refuses valid tokens")
    }

    private func extensions() async throws -> [Finding] {
        let rows = try await connection.query(
            """
            SELECT w.name, e.extversion, a.default_version
            FROM unnest(ARRAY['timescaledb', 'postgis']) AS w(name)
            LEFT JOIN pg_extension e ON e.extname = w.name
            LEFT JOIN pg_available_extensions a ON a.name = w.name
            """)
        return try rows.map { row in
            var fields = row.fields
            let name: String = try fields.next("name")
            guard let installed: String = try fields.next("extversion") else {
                return Finding(name, .bad, "is not in the database", advice: "run `hextant migrate up`")
            }
            guard let newest: String = try fields.next("default_version"), newest != installed else {
                return Finding(name, "version \(installed)")
            }
            return Finding(
                name, .advice, "version \(installed), the server offers \(newest)",
                advice: "as the first statement of a new connection: ALTER EXTENSION \(name) UPDATE")
        }
    }

    private func schema() async throws -> Finding {
        let applied: Int = try await connection.query("SELECT count(*) FROM schema_migrations")[0].get(0)
        let detail = "\(applied) of \(migrations.count) migrations applied"
        guard applied != migrations.count else { return Finding("schema", detail) }
        return Finding(
            "schema", .bad, detail,
            advice: applied < migrations.count ? "run `hextant migrate up`" : "the database is newer: update hextant")
    }

    private func role() async throws -> Finding {
        var fields = try await connection.query(
            """
            SELECT current_user::text AS user_name, EXISTS (SELECT FROM pg_roles WHERE rolname = $1) AS exists,
                coalesce((SELECT pg_has_role(current_user, oid, 'MEMBER') FROM pg_roles WHERE rolname = $1), false)
                    AS is_member
            """, [ReadPool.role])[0].fields
        let user: String = try fields.next("user_name")
        guard try fields.next("exists") else {
            return Finding(
                "reader role", .bad, "\(ReadPool.role) does not exist",
                advice: "run `hextant migrate up`, or as an "
                    + "administrator: CREATE ROLE \(ReadPool.role) NOLOGIN")
        }
        guard try fields.next("is_member") else {
            return Finding(
                "reader role", .bad, "\(user) may not use \(ReadPool.role)",
                advice: "as an administrator: GRANT \(ReadPool.role) TO \(user)")
        }
        return Finding("reader role", "\(user) may use \(ReadPool.role)")
    }

    /// From how many partitions on statements over all times become slow: each takes about half a millisecond to plan.
    private static let manyPartitions = 400

    private func partitions() async throws -> Finding {
        var fields = try await connection.query(
            """
            SELECT count(*) AS partitions,
                count(*) FILTER (WHERE pg_relation_size(format('%I.%I', chunk_schema, chunk_name)::regclass) = 0)
                    AS empty,
                extract(year FROM min(range_start))::int AS first_year,
                extract(year FROM max(range_end))::int AS last_year
            FROM timescaledb_information.chunks
            WHERE hypertable_schema = 'public' AND hypertable_name = 'events'
            """)[0].fields
        let count: Int = try fields.next("partitions")
        let empty: Int = try fields.next("empty")
        guard let firstYear: Int = try fields.next("first_year"), let lastYear: Int = try fields.next("last_year")
        else {
            return Finding("partitions", "there are no events")
        }
        let detail = "\(count) of events, from \(firstYear) to \(lastYear)"
        guard count > Self.manyPartitions || empty > count / 4 else { return Finding("partitions", detail) }
        return Finding(
            "partitions", .advice, "\(detail), \(empty) of them empty: statements over all times plan and lock each",
            advice: "run `hextant migrate up` while no ingest is running: it drops empty partitions and merges small "
                + "ones, as servers and workers do every hour")
    }

    /// The indexes that answers need.
    private static let needed = [
        "idx_events_time", "idx_events_geom_gist", "idx_mv_daily_risk_key", "idx_mv_daily_risk_cell",
        "idx_mv_daily_risk_z_order",
    ]

    private func indexes() async throws -> Finding {
        let rows = try await connection.query(
            """
            SELECT n.name, i.indisvalid AND i.indisready AS is_valid
            FROM unnest($1::text[]) AS n(name)
            LEFT JOIN pg_class c ON c.relname = n.name AND c.relkind = 'i'
                AND c.relnamespace = 'public'::regnamespace
            LEFT JOIN pg_index i ON i.indexrelid = c.oid
            """, [PostgresArray(Self.needed)])
        var bad: [String] = []
        for row in rows {
            var fields = row.fields
            let name: String = try fields.next("name")
            if try fields.next("is_valid", as: Bool?.self) != true { bad.append(name) }
        }
        guard !bad.isEmpty else { return Finding("indexes", "all \(Self.needed.count) that answers need exist") }
        return Finding(
            "indexes", .bad, "missing or invalid: \(bad.joined(separator: ", "))",
            advice: "`hextant refresh` creates those of the view again; others need REINDEX INDEX or a restore")
    }
}
