import Postgres
import Risk

/// Puts the rows of a run in the place of what the interval held before.
struct ScoredRowsWriter {
    let connection: PostgresConnection
    let dataset: String
    let resolution: Int

    private static let tables = ["cell_aggregates", "risk_scores", "anomaly_flags"]
    private static let copySize = 1 << 20

    /// Inside the caller's transaction.
    func replace(_ days: ClosedRange<LocalDay>, with rows: ScoredRows) async throws {
        for table in Self.tables {
            try await connection.query(
                "DELETE FROM \(table) WHERE dataset = $1 AND resolution = $2 AND day BETWEEN $3 AND $4",
                [dataset, Int16(resolution), days.lowerBound, days.upperBound])
        }
        try await copy(rows, "cell_aggregates", "event_count, rolling_7d_avg, growth_rate", fields: 3) { buffer, row in
            buffer.append(Int32(clamping: rows.counts[row]))
            buffer.append(rows.rolling7dAvgs[row])
            buffer.append(rows.growthRates[row])
        }
        try await copy(rows, "risk_scores", "risk, risk_score, risk_level", fields: 3) { buffer, row in
            buffer.append(rows.risks[row])
            buffer.append(rows.scores[row])
            buffer.append(rows.levels[row].rawValue)
        }
        try await copy(rows, "anomaly_flags", "z_score, flagged", fields: 2) { buffer, row in
            buffer.append(rows.zScores[row])
            buffer.append(rows.flags[row])
        }
    }

    private func copy(
        _ rows: ScoredRows, _ table: String, _ columns: String, fields: Int16,
        _ append: @escaping @Sendable (inout CopyBuffer, Int) -> Void
    ) async throws {
        let statement = "COPY \(table) (dataset, resolution, h3_index, day, \(columns)) FROM STDIN (FORMAT binary)"
        try await connection.copyIn(statement) { writer in
            var buffer = CopyBuffer(reserving: Self.copySize + 256)
            for row in 0..<rows.count {
                buffer.beginRow(fields: 4 + fields)
                buffer.append(dataset)
                buffer.append(Int16(resolution))
                buffer.append(Int64(bitPattern: rows.cells[row]))
                buffer.append(rows.days[row])
                append(&buffer, row)
                if buffer.bytes.count >= Self.copySize {
                    try await writer.write(buffer)
                    buffer.removeAll()
                }
            }
            try await writer.write(buffer)
        }
    }
}
