import Postgres
import Risk

/// Puts the rows of a run in the place of what its interval held before, and leaves what would stay as it is.
struct ScoredRowsWriter {
    let connection: PostgresConnection
    let dataset: String
    let resolution: Int
    let scoring: Scoring
    /// What the run saw of the events.
    let eventDays: EventDays

    /// Inside the caller's transaction.
    func replace(with rows: ScoredRows, run: Int64) async throws {
        let all = rows.byDay()
        let current = try await currentDays()
        let changed = all.filter { !current.contains($0.day) }
        try await CellStore(connection: connection).add(rows.distinctCells(of: changed), resolution: resolution)
        try await connection.query(
            """
            DELETE FROM daily_aggregates
            WHERE dataset = $1 AND resolution = $2 AND day BETWEEN $3 AND $4 AND NOT day = ANY ($5)
            """, scope + [PostgresArray(current.sorted())])
        try await copyAggregates(rows, changed)
        try await connection.query(
            "DELETE FROM daily_scores WHERE dataset = $1 AND resolution = $2 AND day BETWEEN $3 AND $4", scope)
        try await copyScores(rows, all, run)
    }

    private var scope: [any PostgresEncodable] {
        [dataset, Int16(resolution), scoring.days.lowerBound, scoring.days.upperBound]
    }

    /// Days whose aggregates were made of the same events with the same weights.
    private func currentDays() async throws -> Set<LocalDay> {
        let weights = scoring.weights
        let rows = try await connection.query(
            """
            SELECT day, stamp FROM daily_aggregates
            WHERE dataset = $1 AND resolution = $2 AND day BETWEEN $3 AND $4
                AND weight_count = $5 AND weight_growth = $6 AND weight_average = $7
            """, scope + [weights.count, weights.growth, weights.average])
        var current: Set<LocalDay> = []
        for row in rows {
            let day: LocalDay = try row.get(0)
            if try row.get(1, as: Int64.self) == eventDays.stamp(of: day) { current.insert(day) }
        }
        return current
    }

    private func copyAggregates(_ rows: ScoredRows, _ days: [ScoredRows.Day]) async throws {
        guard !days.isEmpty else { return }
        let statement = """
            COPY daily_aggregates (dataset, resolution, day, stamp, weight_count, weight_growth, weight_average, \
            cells, counts, averages, growth_rates, risks) FROM STDIN (FORMAT binary)
            """
        try await connection.copyIn(statement) { writer in
            var copy = CopyRows(writer)
            for day in days {
                try await copy.begin(fields: 12)
                copy.buffer.append(dataset)
                copy.buffer.append(Int16(resolution))
                copy.buffer.append(day.day)
                copy.buffer.append(eventDays.stamp(of: day.day))
                copy.buffer.append(scoring.weights.count)
                copy.buffer.append(scoring.weights.growth)
                copy.buffer.append(scoring.weights.average)
                copy.buffer.append(PackedArray(day.rows.map { rows.cells[$0] }))
                copy.buffer.append(PackedArray(day.rows.map { Int32(clamping: rows.counts[$0]) }))
                copy.buffer.append(PackedArray(day.rows.map { rows.rolling7dAvgs[$0] }))
                copy.buffer.append(PackedArray(day.rows.map { rows.growthRates[$0] }))
                copy.buffer.append(PackedArray(day.rows.map { rows.risks[$0] }))
            }
            try await copy.flush()
        }
    }

    private func copyScores(_ rows: ScoredRows, _ days: [ScoredRows.Day], _ run: Int64) async throws {
        let statement = """
            COPY daily_scores (dataset, resolution, day, run, scores, levels, z_scores, flags) \
            FROM STDIN (FORMAT binary)
            """
        try await connection.copyIn(statement) { writer in
            var copy = CopyRows(writer)
            for day in days {
                try await copy.begin(fields: 8)
                copy.buffer.append(dataset)
                copy.buffer.append(Int16(resolution))
                copy.buffer.append(day.day)
                copy.buffer.append(run)
                copy.buffer.append(PackedArray(day.rows.map { rows.scores[$0] }))
                copy.buffer.append(PackedArray(day.rows.map { Int16(rows.levels[$0].order) }))
                copy.buffer.append(PackedArray(day.rows.map { rows.zScores[$0] }))
                copy.buffer.append(PackedArray(day.rows.map { rows.flags[$0] }))
            }
            try await copy.flush()
        }
    }
}

extension ScoredRows {
    /// Each cell of some days once, ascending.
    fileprivate func distinctCells(of days: [Day]) -> [UInt64] {
        var distinct: Set<UInt64> = []
        for day in days { distinct.formUnion(day.rows.lazy.map { cells[$0] }) }
        return distinct.sorted()
    }
}
