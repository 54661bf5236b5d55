import Domain
import H3
import Postgres

/// Stores the outlines of cells, each computed once.
struct CellStore {
    let connection: PostgresConnection

    /// Adds the cells that are not stored yet. The caller's transaction decides when others see them.
    func add(_ cells: [UInt64], resolution: Int) async throws {
        let wanted = PostgresArray(cells.map { Int64(bitPattern: $0) })
        let missing = try await connection.query(
            """
            SELECT c FROM unnest($1) AS c
            WHERE NOT EXISTS (SELECT FROM h3_cells h WHERE h.h3_index = c) ORDER BY c
            """, [wanted])
        guard missing.count > 0 else { return }
        var rows = CopyBuffer(reserving: missing.count * 320)
        for row in missing {
            let index: Int64 = try row.get(0)
            guard let cell = H3Cell(bitPattern: index) else { continue }
            let outline = CellOutline(cell)
            rows.beginRow(fields: 4)
            rows.append(index)
            rows.append(Int16(resolution))
            rows.append(raw: EWKB.outline(outline))
            rows.append(raw: EWKB.mercatorOutline(outline))
        }
        // Another run may add the same cells at the same time, and COPY has no ON CONFLICT.
        try await connection.execute(
            """
            CREATE TEMP TABLE IF NOT EXISTS new_cells (
                h3_index bigint, resolution smallint, geom geometry, geom_3857 geometry) ON COMMIT DROP;
            TRUNCATE new_cells
            """)
        let full = rows
        try await connection.copyIn("COPY new_cells (h3_index, resolution, geom, geom_3857) FROM STDIN (FORMAT binary)")
        {
            try await $0.write(full)
        }
        try await connection.execute(
            """
            INSERT INTO h3_cells (h3_index, resolution, geom, geom_3857)
            SELECT h3_index, resolution, geom, geom_3857 FROM new_cells ORDER BY h3_index ON CONFLICT DO NOTHING
            """)
    }
}
