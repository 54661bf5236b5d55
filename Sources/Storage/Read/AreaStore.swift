package import Domain
import Postgres

/// Checks drawn polygons with PostGIS.
package struct AreaStore: AreaRepository {
    private let pool: ReadPool
    private let sql: SQLFiles

    package init(_ pool: ReadPool, sql: SQLFiles) {
        self.pool = pool
        self.sql = sql
    }

    /// - Throws: What ``QueryRunner/query(_:_:)`` throws.
    package func fault(of area: PolygonArea) async throws -> String? {
        try await pool.query(sql[.areaFault], [PostgresBytes(EWKB.area(area))])[0].get(0)
    }
}
