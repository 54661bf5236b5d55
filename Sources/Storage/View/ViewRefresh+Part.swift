package import Domain
import Postgres

extension ViewRefresh {
    enum Part {
        case served(Outcome)
        /// A refresh that began after the job's data were committed has served them.
        case covered
        /// A refresh of everything takes less, or only that can serve the dataset.
        case unsuitable
    }

    /// How many times longer it takes to add a row to the indexes of all than to build it into new ones (measured:
    /// 2.5, docs/live.md).
    static let priceOfARow = 2.5

    /// Whether the dataset is served alone after a run, so that it need not wait for other datasets.
    /// - Throws: `PostgresError`.
    package func servesAlone(_ dataset: Slug) async throws -> Bool {
        try await PostgresConnection.withConnection(options) { try await Self.suits(dataset, on: $0) }
    }

    /// Replaces the served rows of one dataset and leaves those of others alone. No reader waits, and datasets are
    /// refreshed side by side.
    ///
    /// - Parameter job: The id of the job that wants the refresh; `nil` for none.
    /// - Throws: `StorageError` with code `.busy` while another refresh of the dataset or of everything runs;
    ///   `PostgresError`.
    func refreshPart(
        _ dataset: Slug, for job: Int64?, progress: @escaping @Sendable (Step) -> Void = { _ in }
    ) async throws -> Part {
        try await PostgresConnection.withConnection(options) { connection in
            guard try await Self.suits(dataset, on: connection) else { return .unsuitable }
            // Live days of the dataset wait, too: they would be scored on the scale that is replaced.
            guard try await connection.takeSharedLock("hextant refresh"),
                try await connection.takeLock("hextant live \(dataset)")
            else {
                throw StorageError(.busy, "another refresh of \(dataset) is running: wait until it ends")
            }
            if let job, try await Self.isCovered(job, on: connection) { return .covered }
            try await Self.begin(on: connection)
            return try await replace(dataset, on: connection, progress)
        }
    }

    /// Whether serving the dataset alone takes less than serving everything anew.
    ///
    /// A dataset with a `minimum_count` is not served alone: the rows for readers without the right to small counts are
    /// made of all datasets together.
    private static func suits(_ dataset: Slug, on connection: PostgresConnection) async throws -> Bool {
        let rows = try await connection.query(
            """
            SELECT d.minimum_count IS NULL AND NOT EXISTS (SELECT FROM disclosed_datasets x WHERE x.dataset = d.slug)
                AND $2::float8 * greatest(
                    (SELECT coalesce(sum(k.rows), 0) FROM run_scales k WHERE k.dataset = d.slug),
                    (SELECT coalesce(sum(s.rows), 0) FROM served_datasets s WHERE s.dataset = d.slug)
                ) <= (SELECT v.rows FROM served_view v)
            FROM datasets d WHERE d.slug = $1
            """, [dataset, priceOfARow])
        return try rows.first?.get(0) ?? false
    }

    private func replace(
        _ dataset: Slug, on connection: PostgresConnection, _ progress: @escaping @Sendable (Step) -> Void
    ) async throws -> Part {
        let clock = ContinuousClock()
        let began = clock.now
        try await connection.execute(Self.settings)
        try await connection.execute(
            """
            CREATE TEMP TABLE part_risk (LIKE mv_daily_risk);
            CREATE TEMP TABLE part_outlook (LIKE mv_cell_outlook)
            """)
        let steps = sql.steps(of: .viewPart)
        guard let reading = steps.firstIndex(where: { $0.name == Self.lastOfTheSnapshot }) else {
            preconditionFailure("sql/view_part.sql has no step \"\(Self.lastOfTheSnapshot)\"")
        }
        let run: @Sendable (Range<Int>, PostgresConnection) async throws -> Void = { range, connection in
            for part in range {
                progress(.building(steps[part].name, part: part, of: steps.count))
                try await connection.query(steps[part].script, [dataset])
            }
        }
        try await connection.transaction("BEGIN ISOLATION LEVEL REPEATABLE READ") { connection in
            try await run(0..<reading + 1, connection)
        }
        // Only a refresh of everything finds the box of cells on both sides of the antimeridian.
        let isWide: Bool = try await connection.query(
            """
            SELECT coalesce(max(ST_XMax(c.geom)) - min(ST_XMin(c.geom)) > 180, false)
            FROM (SELECT DISTINCT h3_index FROM part_risk) p JOIN h3_cells c USING (h3_index)
            """)[0].get(0)
        if isWide { return .unsuitable }
        let built = clock.now
        try await connection.transaction { connection in try await run(reading + 1..<steps.count, connection) }
        var served = try await connection.query("SELECT generation, rows FROM served_view")[0].fields
        return .served(
            Outcome(
                generation: try served.next("generation"), rows: try served.next("rows"), buildTime: built - began,
                swapTime: clock.now - built))
    }

    /// The step of `sql/view_part.sql` with which the snapshot of scores ends.
    private static let lastOfTheSnapshot = "joining outlooks"
}
