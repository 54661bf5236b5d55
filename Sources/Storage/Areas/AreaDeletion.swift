package import Domain
package import Postgres

/// Deletes layers of areas with everything counted in them.
package struct AreaDeletion: Sendable {
    private let options: PostgresOptions
    private let sql: SQLFiles

    package init(_ options: PostgresOptions, sql: SQLFiles) {
        self.options = options
        self.sql = sql
    }

    /// Deletes a layer, in one transaction.
    ///
    /// - Returns: How many areas it had.
    /// - Throws: `StorageError` with code `.area` when there is none, or others are parts of it, and `.busy` while it
    ///   is being imported; `PostgresError`.
    package func delete(_ slug: Slug) async throws -> Int {
        try await PostgresConnection.withConnection(options) { connection in
            guard try await connection.takeLock("hextant areas import \(slug)") else {
                throw StorageError(.busy, "the layer \(slug) is being imported: wait until that ends")
            }
            return try await connection.transaction { connection in
                let rows = try await connection.query(sql[.areaLayers], [slug])
                guard let row = rows.first else {
                    throw StorageError(.area, "there is no layer \(slug): `hextant areas list` lists them")
                }
                let children: [String] = try await connection.query(
                    "SELECT slug FROM area_layers WHERE parent = $1 ORDER BY slug", [slug]
                ).map { try $0.get(0) }
                guard children.isEmpty else {
                    throw StorageError(
                        .area, "\(slug) is the parent of \(children.joined(separator: ", ")): delete those first")
                }
                let layer = try AreaStore.layer(row)
                try await connection.query("DELETE FROM area_layers WHERE id = $1", [layer.id])
                return layer.areas
            }
        }
    }
}
