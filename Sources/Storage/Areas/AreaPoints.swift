package import Domain
package import Postgres

/// Reads the points at which the events of areas are placed.
package struct AreaPoints: Sendable {
    /// How many areas a layer may have for that; all of them are in memory, with about 200 bytes each.
    package static let most = 1_000_000

    private let connection: PostgresConnection
    private let sql: SQLFiles

    package init(_ connection: PostgresConnection, sql: SQLFiles) {
        self.connection = connection
        self.sql = sql
    }

    /// The label points of a layer, in the order of the ids; nil when there is no such layer.
    /// - Throws: `StorageError` for a layer of too many areas; `PostgresError`.
    package func points(of layer: Slug) async throws -> [AreaPoint]? {
        let rows = try await connection.query(sql[.areaLabels], [layer, Self.most + 1])
        guard rows.count > 0 else { return nil }
        guard rows.count <= Self.most else {
            throw StorageError(
                .dataset, "the layer \(layer) has more than \(Self.most) areas, too many to place events by them")
        }
        return try rows.compactMap { row in
            var fields = row.fields
            guard let id: String = try fields.next("id") else { return nil }
            return AreaPoint(
                id: id, name: try fields.next("name"), longitude: try fields.next("longitude"),
                latitude: try fields.next("latitude"))
        }
    }
}
