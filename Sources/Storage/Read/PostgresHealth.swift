package import Postgres
package import Risk

/// Whether the database answers, has our schema and serves a view.
package struct PostgresHealth: HealthRepository {
    private let pool: PostgresPool
    private let migrations: Int

    /// - Parameter migrations: how many this version brings.
    package init(_ pool: PostgresPool, migrations: Int) {
        self.pool = pool
        self.migrations = migrations
    }

    package func checks() async -> [HealthCheck] {
        do {
            let answers = HealthCheck(part: "postgresql", isWell: true, detail: "answers")
            let tables = try await pool.query("SELECT to_regclass('served_view') IS NOT NULL")
            guard try tables[0].get(0) == true else {
                let missing = "not migrated: run `hextant migrate up`"
                return [answers, HealthCheck(part: "schema", isWell: false, detail: missing)]
            }
            return [answers, try await schema(), try await view()]
        } catch {
            let reason = (error as? PostgresError)?.message ?? "failed"
            return [HealthCheck(part: "postgresql", isWell: false, detail: reason)]
        }
    }

    private func schema() async throws -> HealthCheck {
        let applied: Int = try await pool.query("SELECT count(*) FROM schema_migrations")[0].get(0)
        return HealthCheck(
            part: "schema", isWell: applied == migrations, detail: "\(applied) of \(migrations) migrations applied")
    }

    private func view() async throws -> HealthCheck {
        let row = try await pool.query("SELECT generation, rows FROM served_view")[0]
        let generation: Int64 = try row.get(0)
        return HealthCheck(
            part: "view", isWell: true, detail: "generation \(generation), \(try row.get(1, as: Int64.self)) rows")
    }
}
