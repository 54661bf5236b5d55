package import Domain
package import Postgres
import Risk

/// Serves days of a dataset whose events have changed since they were scored, on the scale of what is served.
///
/// The cost follows the days that changed and not the history. What is to be done follows from versions, so an update
/// that is killed leaves nothing but days that are still to be done; each is served in one transaction.
package struct LiveUpdate: Sendable {
    package enum Outcome: Hashable, Sendable {
        /// Some days are as their events say; `generation` is `nil` when no row of them differed.
        /// `isOver` is false while more days are to be done.
        case served(days: Int, generation: Int64?, isOver: Bool)
        /// Nothing has changed, or nothing of the dataset is served.
        case nothing
        /// Somebody else does the dataset now.
        case busy
        /// So many days have changed that a scoring run is due instead.
        case tooMany
    }

    /// How many days are served in one transaction.
    static let daysAtOnce = 31
    /// How many changed days are left to a scoring run, which writes them faster.
    static let mostDays = 400
    /// How often to begin again because a refresh has replaced the scale meanwhile.
    private static let attempts = 3

    private let options: PostgresOptions
    private let sql: SQLFiles

    package init(_ options: PostgresOptions, sql: SQLFiles) {
        self.options = options
        self.sql = sql
    }

    /// Serves the newest changed days of a dataset.
    /// - Throws: `StorageError` with code `.dataset` when there is no such dataset and `.busy` when it keeps changing;
    ///   `PostgresError`.
    package func run(_ slug: Slug, on connection: PostgresConnection) async throws -> Outcome {
        let name = "hextant live \(slug)"
        let isTaken: Bool = try await connection.query(
            "SELECT pg_try_advisory_lock(hashtextextended($1, 0))", [name])[0].get(0)
        guard isTaken else { return .busy }
        do {
            let outcome = try await update(slug, on: connection)
            try await unlock(name, connection)
            return outcome
        } catch {
            // If the connection is gone, so is its lock.
            try? await unlock(name, connection)
            throw error
        }
    }

    private func unlock(_ name: String, _ connection: PostgresConnection) async throws {
        try await connection.query("SELECT pg_advisory_unlock(hashtextextended($1, 0))", [name])
    }

    private func update(_ slug: Slug, on connection: PostgresConnection) async throws -> Outcome {
        for _ in 0..<Self.attempts {
            let dataset = try await DatasetStore(connection, sql: sql).dataset(slug)
            let found = try await connection.transaction("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY") {
                try await find(dataset, on: $0)
            }
            switch found {
            case .nothing: return .nothing
            case .tooMany: return .tooMany
            case .days(let days):
                let written = try await connection.transaction { try await write(days, of: slug, on: $0) }
                guard let written else { continue }
                return .served(days: days.stamps.count, generation: written.generation, isOver: days.isOver)
            }
        }
        throw StorageError(.busy, "\(slug) is refreshed again and again: its live days wait")
    }

    // MARK: Finding

    /// The figures of changed days, computed from one snapshot.
    private struct Days: Sendable {
        /// The build whose scale they are to be served on.
        let mark: Int64
        let stamps: [(day: LocalDay, stamp: Int64)]
        let rows: [(resolution: Int, rows: ScoredRows)]
        let isOver: Bool
    }

    private enum Found: Sendable {
        case nothing
        case tooMany
        case days(Days)
    }

    private func find(_ dataset: Dataset, on connection: PostgresConnection) async throws -> Found {
        let firstKept: LocalDay? =
            if let days = dataset.retentionDays {
                try await connection.query(
                    "SELECT (now() AT TIME ZONE $1)::date - $2::int", [dataset.timeZone, days])[0].get(0)
            } else {
                nil
            }
        let stale = try await connection.query(
            sql[.liveStale], [dataset.slug, firstKept, Int64(Self.mostDays + 1)])
        guard stale.count <= Self.mostDays else { return .tooMany }
        let changed = try stale.prefix(Self.daysAtOnce).map { row in
            var fields = row.fields
            return (
                mark: try fields.next("mark", as: Int64.self), day: try fields.next("day", as: LocalDay.self),
                stamp: try fields.next("stamp", as: Int64.self)
            )
        }
        guard let mark = changed.first?.mark else { return .nothing }
        let stamps = changed.map { (day: $0.day, stamp: $0.stamp) }
        let days = stamps.map(\.day).sorted()
        let scales = try await connection.query(sql[.liveScales], [dataset.slug, mark])
        var weights: [(resolution: Int, weights: RiskWeights)] = []
        for row in scales {
            var fields = row.fields
            weights.append(
                (
                    try fields.next("resolution"),
                    RiskWeights(
                        count: try fields.next("weight_count"), growth: try fields.next("weight_growth"),
                        average: try fields.next("weight_average"))
                ))
        }
        guard let first = days.first, let last = days.last, !weights.isEmpty else { return .nothing }
        let input = try await ScoringInput.load(
            connection, options, dataset: dataset, days: first.advanced(by: -Scoring.lookBack)...last,
            only: Set(days.flatMap { day in (0...Scoring.lookBack).map { day.advanced(by: -$0) } }),
            resolutions: weights.map(\.resolution), sql: sql)
        var rows: [(resolution: Int, rows: ScoredRows)] = []
        for (resolution, weights) in weights {
            let counts = try await input.counts(of: days, resolution: resolution, on: connection)
            let scoring = Scoring(days: first...last, weights: weights, thresholds: dataset.thresholds)
            rows.append((resolution, scoring.rows(of: counts, on: Set(days))))
        }
        return .days(Days(mark: mark, stamps: stamps, rows: rows, isOver: stale.count <= Self.daysAtOnce))
    }

    // MARK: Writing

    private struct Written: Sendable {
        let generation: Int64?
    }

    /// - Returns: `nil` when a refresh has replaced the scale.
    private func write(
        _ days: Days, of slug: Slug, on connection: PostgresConnection
    ) async throws -> Written? {
        for (resolution, rows) in days.rows {
            try await CellStore(connection: connection).add(Set(rows.cells).sorted(), resolution: resolution)
        }
        let steps = sql.steps(of: .livePut)
        try await connection.execute(steps[0].script)
        try await copy(days, on: connection)
        // Held first, as by everybody who changes what is served.
        let marks = try await connection.query(
            "SELECT m.mark FROM served_view v, served_marks m WHERE m.dataset = $1 FOR UPDATE OF v", [slug])
        guard try marks.first?.get(0, as: Int64.self) == days.mark else { return nil }
        for step in steps.dropFirst().dropLast() {
            try await connection.query(step.script, [slug])
            // Without it the planner takes these tables for large ones, and reads all that is served of the dataset.
            if step.name == "scoring" { try await connection.execute("ANALYZE live_days, live_figures") }
        }
        let told = try await connection.query(steps[steps.count - 1].script, [slug])
        return Written(generation: try told.first?.get(0))
    }

    private func copy(_ days: Days, on connection: PostgresConnection) async throws {
        try await connection.copyIn("COPY live_days (day, stamp) FROM STDIN (FORMAT binary)") { writer in
            var copy = CopyRows(writer)
            for (day, stamp) in days.stamps {
                try await copy.begin(fields: 2)
                copy.buffer.append(day)
                copy.buffer.append(stamp)
            }
            try await copy.flush()
        }
        let columns = "resolution, day, h3_index, event_count, rolling_7d_avg, growth_rate, risk"
        try await connection.copyIn("COPY live_rows (\(columns)) FROM STDIN (FORMAT binary)") { writer in
            var copy = CopyRows(writer)
            for (resolution, rows) in days.rows {
                for row in 0..<rows.count {
                    try await copy.begin(fields: 7)
                    copy.buffer.append(Int16(resolution))
                    copy.buffer.append(rows.days[row])
                    copy.buffer.append(Int64(bitPattern: rows.cells[row]))
                    copy.buffer.append(Int32(clamping: rows.counts[row]))
                    copy.buffer.append(rows.rolling7dAvgs[row])
                    copy.buffer.append(rows.growthRates[row])
                    copy.buffer.append(rows.risks[row])
                }
            }
            try await copy.flush()
        }
    }
}
