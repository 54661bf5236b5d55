package import Domain
package import Postgres

/// Builds the next `mv_daily_risk` and `mv_cell_outlook` beside the served ones and swaps both in at once.
package struct ViewRefresh: Sendable {
    let options: PostgresOptions
    let sql: SQLFiles
    /// The channel that announces a new generation.
    package static let channel = "hextant_generation"
    /// How long a swap waits for the view's lock before it lets readers go on and tries again.
    private static let lockPatience = "15ms"
    private static let retryPause = Duration.milliseconds(100)
    /// How long to wait until the readers of the previous view have ended.
    private static let dropPatience = Duration.seconds(5)

    package init(_ options: PostgresOptions, sql: SQLFiles) {
        self.options = options
        self.sql = sql
    }

    package struct Outcome: Sendable {
        package let generation: Int64
        package let rows: Int64
        package let buildTime: Duration
        /// The time from the first attempt to swap to the one that succeeded.
        package let swapTime: Duration
    }

    package enum Step: Sendable {
        /// A part of the build, counted from 0, and the number of parts.
        case building(String, part: Int, of: Int)
        /// The number of the attempt to swap; earlier ones did not get past the readers.
        case swapping(attempt: Int)
    }

    /// Serves what a job has stored, unless a refresh that began after it was committed has done so.
    ///
    /// - Parameters:
    ///   - job: The id of the job that wants the refresh.
    ///   - dataset: The dataset that the job has changed, which is served alone if that takes less; `nil` for all.
    /// - Returns: `nil` when the served view has what the job wants.
    /// - Throws: What ``refresh(patience:progress:)`` throws.
    package func refresh(
        for job: Int64, of dataset: Slug? = nil, patience: Duration,
        progress: @escaping @Sendable (Step) -> Void = { _ in }
    ) async throws -> Outcome? {
        if let dataset {
            switch try await refreshPart(dataset, for: job, progress: progress) {
            case .served(let outcome): return outcome
            case .covered: return nil
            case .unsuitable: break
            }
        }
        return try await PostgresConnection.withConnection(options) { connection in
            try await Self.lock(connection)
            if try await Self.isCovered(job, on: connection) { return nil }
            return try await refresh(on: connection, patience, progress)
        }
    }

    /// Whether a refresh that began after the data of a job were committed has served them.
    static func isCovered(_ job: Int64, on connection: PostgresConnection) async throws -> Bool {
        let covered = try await connection.query(
            """
            SELECT v.refresh_mark > j.refresh_mark OR coalesce(m.mark > j.refresh_mark, false)
            FROM served_view v CROSS JOIN jobs j LEFT JOIN served_marks m ON m.dataset = j.dataset
            WHERE j.id = $1
            """, [job])
        return try covered.first?.get(0) ?? false
    }

    /// Builds and serves the next view. Readers never wait for the build, and at most `lockPatience` for the swap. They
    /// see either the old view or the new one.
    ///
    /// - Parameter patience: How long to wait for statements that hold on to the served view or the previous one.
    /// - Throws: `StorageError` with code `.busy` while another refresh runs and `.blocked` when a reader did not let
    ///   go in time; `PostgresError`.
    package func refresh(
        patience: Duration = .seconds(600), progress: @escaping @Sendable (Step) -> Void = { _ in }
    ) async throws -> Outcome {
        try await PostgresConnection.withConnection(options) { connection in
            try await Self.lock(connection)
            return try await refresh(on: connection, patience, progress)
        }
    }

    private static func lock(_ connection: PostgresConnection) async throws {
        guard try await connection.takeLock("hextant refresh") else {
            throw StorageError(.busy, "another refresh is running: wait until it ends")
        }
    }

    private func refresh(
        on connection: PostgresConnection, _ patience: Duration, _ progress: @escaping @Sendable (Step) -> Void
    ) async throws -> Outcome {
        // Fails here, before anything is changed, when there is no schema.
        try await connection.query("SELECT FROM served_view")
        // The number is taken before the build reads anything, so that everything is served that was committed before.
        // So is the generation: days that become live from now on may not be in the next view.
        try await Self.begin(on: connection)
        let clock = ContinuousClock()
        let began = clock.now
        try await connection.execute(Self.settings)
        guard try await dropOld(on: connection, within: patience) else {
            throw try await blocked(["mv_daily_risk_old", "mv_cell_outlook_old"], patience, on: connection)
        }
        try await build(on: connection, progress)
        let built = clock.now
        try await swap(on: connection, patience, progress)
        let swapped = clock.now
        // If somebody still reads the previous view, the next refresh drops it. The new one is served already.
        _ = try await dropOld(on: connection, within: min(patience, Self.dropPatience))
        var served = try await connection.query("SELECT generation, rows FROM served_view")[0].fields
        return Outcome(
            generation: try served.next("generation"), rows: try served.next("rows"), buildTime: built - began,
            swapTime: swapped - built)
    }

    /// Takes the number of a refresh, before it reads anything.
    static func begin(on connection: PostgresConnection) async throws {
        try await connection.query(
            """
            SELECT set_config('hextant.refresh_mark', nextval('refresh_marks')::text, false),
                set_config('hextant.refresh_generation', generation::text, false)
            FROM served_view
            """)
    }

    /// Settings for sorting and building indexes, which dominate; the connection ends with the refresh. The planner
    /// knows nothing about cells that come out of arrays and would sort all rows to merge them, where a hash is much
    /// faster.
    static let settings = """
        SET work_mem = '256MB';
        SET maintenance_work_mem = '512MB';
        SET enable_mergejoin = off;
        SET max_parallel_workers_per_gather = 0;
        SET jit = off
        """
    /// The steps of the build between the first one and the meeting: those that run on the connection of the outlooks
    /// beside the others.
    private static let beside = ["indexing cells", "indexing levels"]
    /// The step from which on everything that both connections have built is read.
    private static let meeting = "naming cells"

    private func build(
        on connection: PostgresConnection, _ progress: @escaping @Sendable (Step) -> Void
    ) async throws {
        let steps = sql.steps(of: .viewBuild)
        let run: @Sendable ([Int], PostgresConnection) async throws -> Void = { parts, connection in
            for part in parts {
                progress(.building(steps[part].name, part: part, of: steps.count))
                try await connection.execute(steps[part].script)
            }
        }
        let beside = steps.indices.filter { Self.beside.contains(steps[$0].name) }
        guard beside.count == Self.beside.count, let meeting = steps.firstIndex(where: { $0.name == Self.meeting })
        else { preconditionFailure("sql/view_build.sql lacks one of the steps \(Self.beside + [Self.meeting])") }
        try await PostgresConnection.withConnection(options) { other in
            try await other.execute(Self.settings)
            async let outlooks: PostgresRows = other.execute(sql[.outlookViewBuild])
            try await run([0], connection)
            _ = try await outlooks
            async let indexes: Void = run(beside, other)
            try await run((1..<meeting).filter { !beside.contains($0) }, connection)
            try await indexes
        }
        try await run(Array(meeting..<steps.count), connection)
        try await connection.execute(sql[.viewDisclose])
    }

    private func swap(
        on connection: PostgresConnection, _ patience: Duration, _ progress: @Sendable (Step) -> Void
    ) async throws {
        let deadline = ContinuousClock.now + patience
        var attempt = 1
        while true {
            progress(.swapping(attempt: attempt))
            do {
                try await connection.transaction { connection in
                    try await connection.execute("SET LOCAL lock_timeout = '\(Self.lockPatience)'")
                    try await connection.execute(sql[.viewSwap] + sql[.outlookViewSwap])
                }
                return
            } catch let error as PostgresError where error.sqlState == "55P03" {
                guard ContinuousClock.now < deadline else {
                    throw try await blocked(["mv_daily_risk", "mv_cell_outlook"], patience, on: connection)
                }
            }
            attempt += 1
            try await Task.sleep(for: Self.retryPause)
        }
    }

    /// Drops the previous view, which is read only by transactions that began before the swap.
    ///
    /// - Returns: Whether it is gone; `false` when they took longer than `patience`.
    private func dropOld(on connection: PostgresConnection, within patience: Duration) async throws -> Bool {
        do {
            try await connection.transaction { connection in
                // At least 1, because 0 means no limit.
                let limit = max(1, patience.inMilliseconds)
                try await connection.execute(
                    """
                    SET LOCAL lock_timeout = '\(limit)ms';
                    DROP TABLE IF EXISTS mv_daily_risk_old, mv_cell_outlook_old, disclosed_risk_old
                    """)
            }
            return true
        } catch let error as PostgresError where error.sqlState == "55P03" {
            return false
        }
    }

    /// An error that names the processes that hold on to the view.
    private func blocked(
        _ views: [String], _ patience: Duration, on connection: PostgresConnection
    ) async throws -> StorageError {
        let holders = try await connection.query(
            """
            SELECT DISTINCT l.pid, coalesce(a.state, 'of another user') AS state
            FROM pg_locks l JOIN pg_class c ON c.oid = l.relation LEFT JOIN pg_stat_activity a ON a.pid = l.pid
            WHERE c.relname = ANY ($1) AND l.granted AND l.pid <> pg_backend_pid()
            ORDER BY 1
            """, [PostgresArray(views)])
        let names = try holders.map { holder in
            var fields = holder.fields
            return "\(try fields.next("pid", as: Int.self)) (\(try fields.next("state", as: String.self)))"
        }
        return StorageError(
            .blocked,
            "a transaction blocked \(views[0]) for more than \(patience.inSeconds) s: see pg_stat_activity"
                + (names.isEmpty ? "" : ", process \(names.joined(separator: ", "))") + "; end it, then refresh again")
    }
}
