import Domain
import Postgres
import Risk

/// Replaces the rows of a run's days, and leaves rows alone that would not change.
struct ScoredRowsWriter {
    let connection: PostgresConnection
    let dataset: Slug
    let resolution: Int
    let scoring: Scoring
    /// The versions of the events that the run has read.
    let eventDays: EventDays

    /// Days of the run whose rows were computed from other events or with other weights, ascending.
    func staleDays() async throws -> [LocalDay] {
        let weights = scoring.weights
        let rows = try await connection.query(
            """
            SELECT day, stamp FROM daily_aggregates
            WHERE dataset = $1 AND resolution = $2 AND day BETWEEN $3 AND $4
                AND weight_count = $5 AND weight_growth = $6 AND weight_average = $7
            """, scope + [weights.count, weights.growth, weights.average])
        let versions = try rows.reduce(into: [LocalDay: Int64]()) { stamps, row in
            var fields = row.fields
            stamps[try fields.next("day")] = try fields.next("stamp", as: Int64.self)
        }
        return eventDays.days.filter { scoring.days.contains($0) && versions[$0] != eventDays.figuresVersion(of: $0) }
    }

    /// Replaces the rows of stale days inside the caller's transaction.
    ///
    /// - Parameter rows: The new rows of the stale days.
    func replace(_ stale: [LocalDay], with rows: ScoredRows, run: Int64) async throws {
        try await CellStore(connection: connection).add(Set(rows.cells).sorted(), resolution: resolution)
        try await connection.query(
            """
            DELETE FROM daily_aggregates
            WHERE dataset = $1 AND resolution = $2 AND day BETWEEN $3 AND $4 AND day = ANY ($5)
            """, scope + [PostgresArray(stale)])
        try await copyAggregates(rows)
        try await connection.query(
            "DELETE FROM daily_scores WHERE dataset = $1 AND resolution = $2 AND day BETWEEN $3 AND $4", scope)
        if scoring.normalization == .percentile { try await copyPercentiles(run) }
    }

    private var scope: [any PostgresEncodable] {
        [dataset, Int16(resolution), scoring.days.lowerBound, scoring.days.upperBound]
    }

    private func copyAggregates(_ rows: ScoredRows) async throws {
        guard rows.count > 0 else { return }
        let statement = """
            COPY daily_aggregates (dataset, resolution, day, stamp, weight_count, weight_growth, weight_average, \
            cells, counts, averages, growth_rates, risks, rows, lowest_risk, highest_risk) FROM STDIN (FORMAT binary)
            """
        try await connection.copyIn(statement) { writer in
            var copy = CopyRows(writer)
            for day in rows.byDay() {
                let risks = day.rows.map { rows.risks[$0] }
                try await copy.begin(fields: 15)
                copy.buffer.append(dataset)
                copy.buffer.append(Int16(resolution))
                copy.buffer.append(day.day)
                copy.buffer.append(eventDays.figuresVersion(of: day.day))
                copy.buffer.append(scoring.weights.count)
                copy.buffer.append(scoring.weights.growth)
                copy.buffer.append(scoring.weights.average)
                copy.buffer.append(PackedArray(day.rows.map { rows.cells[$0] }))
                copy.buffer.append(PackedArray(day.rows.map { Int32(clamping: rows.counts[$0]) }))
                copy.buffer.append(PackedArray(day.rows.map { rows.rolling7dAvgs[$0] }))
                copy.buffer.append(PackedArray(day.rows.map { rows.growthRates[$0] }))
                copy.buffer.append(PackedArray(risks))
                copy.buffer.append(Int32(clamping: risks.count))
                copy.buffer.append(risks.min())
                copy.buffer.append(risks.max())
            }
            try await copy.flush()
        }
    }

    /// Ranks every row of the run, including those of days that did not change.
    private func copyPercentiles(_ run: Int64) async throws {
        let days = try await connection.query(
            """
            SELECT day, risks FROM daily_aggregates
            WHERE dataset = $1 AND resolution = $2 AND day BETWEEN $3 AND $4 ORDER BY day
            """, scope)
        let ranked = try days.map { row in
            var fields = row.fields
            let day: LocalDay = try fields.next("day")
            return (
                day: day,
                risks: try PackedArray.next("risks", of: &fields, as: UInt64.self).map(Double.init(bitPattern:))
            )
        }
        let scores = Normalization.percentiles(of: ranked.flatMap(\.risks))
        let columns = "dataset, resolution, day, run, scores"
        try await connection.copyIn("COPY daily_scores (\(columns)) FROM STDIN (FORMAT binary)") { writer in
            var copy = CopyRows(writer)
            var start = 0
            for (day, risks) in ranked {
                try await copy.begin(fields: 5)
                copy.buffer.append(dataset)
                copy.buffer.append(Int16(resolution))
                copy.buffer.append(day)
                copy.buffer.append(run)
                copy.buffer.append(PackedArray(Array(scores[start..<start + risks.count])))
                start += risks.count
            }
            try await copy.flush()
        }
    }
}
