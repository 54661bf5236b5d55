import Domain
import Postgres
import Risk

/// The stored daily counts. Thanks to them, only days whose events changed are binned again.
struct CountsStore {
    let connection: PostgresConnection
    let dataset: Slug
    let resolution: Int

    struct Day: Sendable {
        let version: Int64
        let counts: DayCounts
    }

    /// The versions of the stored days.
    func versions(_ days: ClosedRange<LocalDay>) async throws -> [LocalDay: Int64] {
        let rows = try await connection.query(
            "SELECT day, version FROM daily_counts WHERE dataset = $1 AND resolution = $2 AND day BETWEEN $3 AND $4",
            [dataset, Int16(resolution), days.lowerBound, days.upperBound])
        return try rows.reduce(into: [:]) { versions, row in
            var fields = row.fields
            versions[try fields.next("day", as: LocalDay.self)] = try fields.next("version", as: Int64.self)
        }
    }

    func load(_ days: [LocalDay]) async throws -> [LocalDay: Day] {
        guard !days.isEmpty else { return [:] }
        let rows = try await connection.query(
            """
            SELECT day, version, cells, counts FROM daily_counts
            WHERE dataset = $1 AND resolution = $2 AND day = ANY ($3)
            """, [dataset, Int16(resolution), PostgresArray(days)])
        var loaded: [LocalDay: Day] = [:]
        loaded.reserveCapacity(rows.count)
        for row in rows {
            var fields = row.fields
            loaded[try fields.next("day")] = Day(
                version: try fields.next("version"),
                counts: DayCounts(
                    cells: try PackedArray.next("cells", of: &fields, as: UInt64.self),
                    counts: try PackedArray.next("counts", of: &fields, as: Int32.self)))
        }
        return loaded
    }

    /// Replaces the stored counts of some days.
    func put(_ days: [LocalDay: Day]) async throws {
        guard !days.isEmpty else { return }
        let ordered = days.sorted { $0.key < $1.key }
        try await connection.query(
            "DELETE FROM daily_counts WHERE dataset = $1 AND resolution = $2 AND day = ANY ($3)",
            [dataset, Int16(resolution), PostgresArray(ordered.map(\.key))])
        let columns = "dataset, resolution, day, version, cells, counts"
        try await connection.copyIn("COPY daily_counts (\(columns)) FROM STDIN (FORMAT binary)") { writer in
            var rows = CopyRows(writer)
            for (day, kept) in ordered {
                try await rows.begin(fields: 6)
                rows.buffer.append(dataset)
                rows.buffer.append(Int16(resolution))
                rows.buffer.append(day)
                rows.buffer.append(kept.version)
                rows.buffer.append(PackedArray(kept.counts.cells))
                rows.buffer.append(PackedArray(kept.counts.counts))
            }
            try await rows.flush()
        }
    }
}
