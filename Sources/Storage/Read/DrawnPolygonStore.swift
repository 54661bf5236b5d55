package import Domain
import Postgres

/// Checks drawn polygons with PostGIS.
package struct DrawnPolygonStore: DrawnPolygonRepository {
    private let pool: ReadPool
    private let sql: SQLFiles

    package init(_ pool: ReadPool, sql: SQLFiles) {
        self.pool = pool
        self.sql = sql
    }

    /// - Throws: What ``QueryRunner/query(_:_:)`` throws.
    package func fault(of polygon: DrawnPolygon) async throws -> String? {
        try await pool.query(sql[.polygonFault], [PostgresBytes(EWKB.polygon(polygon))])[0].get(0)
    }
}
