package import Domain
import Postgres

/// Checks whether the database answers, has our schema and serves a view.
package struct PostgresHealth: HealthRepository {
    private let pool: ReadPool
    private let migrations: Int
    private let oldest: Duration?

    /// - Parameters:
    ///   - migrations: How many migrations this version has.
    ///   - oldest: The age from which on the served view is reported as old; `nil` for never.
    package init(_ pool: ReadPool, migrations: Int, oldest: Duration? = nil) {
        self.pool = pool
        self.migrations = migrations
        self.oldest = oldest
    }

    package func checks() async -> [HealthCheck] {
        do {
            let start = ContinuousClock.now
            let found = try await pool.query(
                "SELECT to_regclass('served_view') IS NOT NULL, split_part(current_setting('server_version'), ' ', 1)")
            let answers = HealthCheck(
                part: "postgresql", isWell: true, detail: "answers", version: try found[0].get(1),
                latency: start.duration(to: .now))
            guard try found[0].get(0) == true else {
                let missing = "not migrated: run `hextant migrate up`"
                return [answers, HealthCheck(part: "schema", isWell: false, detail: missing)]
            }
            return [answers, try await schema(), try await view()]
        } catch is SchemaMismatch {
            return [Self.halfMigrated]
        } catch let error as PostgresError where error.sqlState == "42501" {
            // The last migrations give the readers their rights, so they may be missing.
            return [Self.halfMigrated]
        } catch {
            let reason = (error as? StoreUnavailable)?.reason.message ?? "failed"
            let isRoleMissing = reason.contains("\"\(ReadPool.role)\" does not exist")
            let advice = isRoleMissing ? "not migrated: run `hextant migrate up`" : reason
            return [HealthCheck(part: "postgresql", isWell: false, detail: advice)]
        }
    }

    private static let halfMigrated = HealthCheck(
        part: "schema", isWell: false, detail: "partly migrated: run `hextant migrate up`")

    private func schema() async throws -> HealthCheck {
        let applied: Int = try await pool.query("SELECT count(*) FROM schema_migrations")[0].get(0)
        let advice =
            applied < migrations ? ": run `hextant migrate up`" : applied > migrations ? ": update hextant" : ""
        return HealthCheck(
            part: "schema", isWell: applied == migrations,
            detail: "\(applied) of \(migrations) migrations applied\(advice)")
    }

    private func view() async throws -> HealthCheck {
        var fields = try await pool.query(
            """
            SELECT generation, rows, extract(epoch FROM now() - refreshed_at)::float8 AS age,
                to_char(refreshed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS refreshed
            FROM served_view
            """)[0].fields
        let generation: Int64 = try fields.next("generation")
        let rows: Int64 = try fields.next("rows")
        let age: Double = try fields.next("age")
        let refreshed: String = try fields.next("refreshed")
        let isOld = oldest.map { age > $0.inSeconds } ?? false
        let advice =
            isOld ? ", which is older than view_max_age: run `hextant refresh`, or find out why no schedule does" : ""
        return HealthCheck(
            part: "view", isWell: !isOld,
            detail: "generation \(generation), \(rows) rows, refreshed \(refreshed)\(advice)",
            isEssential: false)
    }
}
