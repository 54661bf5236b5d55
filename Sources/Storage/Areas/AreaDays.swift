import Domain
import Postgres

/// The stored counts of a dataset in a layer, by day and by month.
struct AreaDays {
    let connection: PostgresConnection
    let layer: AreaLayer
    let dataset: Slug
    let sql: SQLFiles

    /// The days whose events changed since they were counted, and those that have no events any more, ascending.
    func staleDays(isFull: Bool) async throws -> [LocalDay] {
        let rows = try await connection.query(
            """
            SELECT coalesce(e.day, a.day) AS day
            FROM (SELECT day, version FROM event_days WHERE dataset = $2) e
            FULL JOIN (SELECT day, version FROM area_days WHERE layer_id = $1 AND dataset = $2) a USING (day)
            WHERE $3 OR e.version IS DISTINCT FROM a.version
            ORDER BY day
            """, [layer.id, dataset, isFull])
        return try rows.map { try $0.get(0) }
    }

    /// Replaces the counts of some days, and adds up their months again. Runs inside a transaction.
    /// - Parameters:
    ///   - bins: The counts; days that are not among them have no events.
    ///   - versions: The versions that the days had; days without one are no longer there.
    func put(_ bins: [AreaBins], _ days: [LocalDay], _ versions: [LocalDay: Int64]) async throws {
        try await hold()
        try await connection.query(
            "DELETE FROM area_days WHERE layer_id = $1 AND dataset = $2 AND day = ANY ($3)",
            [layer.id, dataset, PostgresArray(days)])
        let chosen = Set(days)
        let columns = "layer_id, dataset, day, version, kinds, areas, kind_numbers, counts, outside"
        try await connection.copyIn("COPY area_days (\(columns)) FROM STDIN (FORMAT binary)") { writer in
            var rows = CopyRows(writer)
            for bins in bins {
                for (offset, counts) in bins.counts.enumerated() {
                    let day = bins.days.lowerBound.advanced(by: offset)
                    guard chosen.contains(day), let version = versions[day] else { continue }
                    try await rows.begin(fields: 9)
                    rows.buffer.append(layer.id)
                    rows.buffer.append(dataset)
                    rows.buffer.append(day)
                    rows.buffer.append(version)
                    rows.buffer.append(PostgresArray(counts.kinds))
                    rows.buffer.append(PackedArray(counts.areas))
                    rows.buffer.append(PackedArray(counts.kindNumbers))
                    rows.buffer.append(PackedArray(counts.counts))
                    rows.buffer.append(Int32(clamping: counts.outside))
                }
            }
            try await rows.flush()
        }
        let months = Set(days.map(\.firstOfMonth)).sorted()
        try await connection.query(
            "DELETE FROM area_months WHERE layer_id = $1 AND dataset = $2 AND month = ANY ($3)",
            [layer.id, dataset, PostgresArray(months)])
        try await connection.query(sql[.areaMonths], [layer.id, dataset, PostgresArray(months)])
    }

    /// Stores the sums of all days. Runs inside a transaction, and last: servers follow what it writes.
    /// - Parameter hasChanged: Whether any day has changed; else the version stays the same.
    func sumUp(hasChanged: Bool) async throws -> AreaCounts {
        try await hold()
        let store = AreaStore(connection, sql: sql)
        if !hasChanged, let known = try await store.counts(of: dataset, in: layer) { return known }
        try await connection.query(
            """
            INSERT INTO area_counts (dataset, layer_id, first_day, last_day, events, outside)
            SELECT $2, $1, d.first_day, d.last_day, m.events, m.outside
            FROM (
                SELECT min(day) AS first_day, max(day) AS last_day FROM area_days
                WHERE layer_id = $1 AND dataset = $2 AND (outside > 0 OR cardinality(counts) > 0)
            ) d
            CROSS JOIN (
                SELECT coalesce(sum(outside + (SELECT coalesce(sum(n), 0) FROM unnest(counts) AS n)), 0)::bigint
                    AS events, coalesce(sum(outside), 0)::bigint AS outside
                FROM area_months WHERE layer_id = $1 AND dataset = $2
            ) m
            ON CONFLICT (dataset, layer_id) DO UPDATE SET
                version = nextval('area_versions'), first_day = excluded.first_day, last_day = excluded.last_day,
                events = excluded.events, outside = excluded.outside, counted_at = now()
            """, [layer.id, dataset])
        guard let counts = try await store.counts(of: dataset, in: layer) else { throw Self.gone(layer) }
        return counts
    }

    /// Makes sure that dataset and layer stay until the transaction ends.
    private func hold() async throws {
        guard try await connection.query("SELECT FROM datasets WHERE slug = $1 FOR SHARE", [dataset]).count > 0 else {
            throw StorageError.noDataset(dataset)
        }
        guard try await connection.query("SELECT FROM area_layers WHERE id = $1 FOR SHARE", [layer.id]).count > 0
        else { throw Self.gone(layer) }
    }

    static func gone(_ layer: AreaLayer) -> StorageError {
        StorageError(.busy, "the layer \(layer.slug) was replaced or deleted meanwhile: count again")
    }
}
