package import Domain
package import Postgres
package import Risk

/// The events of a kind by day and cell at several resolutions. The counts are kept, so that only days whose events
/// changed are binned again.
///
/// Counts of all events are those that scoring keeps, so the connection must hold the lock of scoring while they are
/// brought up to date.
package struct KindHistory: Sendable {
    private let options: PostgresOptions
    private let sql: SQLFiles
    private let dataset: Dataset
    package let kind: EventKind
    /// The types of the kind; `nil` for all.
    private let types: [String]?
    private let resolutions: [Int]

    /// How many days are read and stored at a time: what is held in memory does not grow with the history.
    private static let daysAtOnce = 124

    /// - Throws: `StorageError` with code `.dataset` for a kind that the dataset does not name.
    package init(
        _ options: PostgresOptions, sql: SQLFiles, dataset: Dataset, kind: EventKind, resolutions: [Int]
    ) throws(StorageError) {
        self.options = options
        self.sql = sql
        self.dataset = dataset
        self.kind = kind
        self.resolutions = resolutions
        do {
            types = try dataset.types(of: kind)
        } catch {
            throw StorageError(.dataset, "\(error)")
        }
    }

    /// The days of a dataset that an outlook may know.
    package struct Days: Sendable {
        /// The first day: that of the first event, or the first scored one where scoring leaves out earlier events.
        package let first: LocalDay
        /// The day of the last event, and not today, which is not over.
        package let last: LocalDay
        /// The day of today in the dataset's time zone.
        package let today: LocalDay
    }

    /// The days that an outlook may know; `nil` without events.
    /// - Throws: What ``QueryRunner/query(_:_:)`` throws.
    package static func days(
        of dataset: Dataset, sql: SQLFiles, on connection: PostgresConnection
    ) async throws -> Days? {
        let extent = try await EventExtent(dataset: dataset.slug, sql: sql)
            .days(inZone: dataset.timeZone, on: connection)
        guard let extent else { return nil }
        var fields = try await connection.query(
            """
            SELECT (now() AT TIME ZONE $2)::date AS today,
                (SELECT min(from_day) FROM run_scales WHERE dataset = $1) AS first_scored
            """, [dataset.slug, dataset.timeZone])[0].fields
        let today: LocalDay = try fields.next("today")
        let scored: LocalDay? = try fields.next("first_scored")
        let first = scored.map { max($0, extent.lowerBound) } ?? extent.lowerBound
        return Days(
            first: min(first, extent.upperBound),
            last: max(extent.lowerBound, min(extent.upperBound, today.advanced(by: -1))), today: today)
    }

    /// Counts the days again whose events changed, a part of the days at a time. What was counted before it was stopped
    /// stays.
    ///
    /// - Parameter progress: Called with the share of the days that are done.
    /// - Returns: The number of events that were read.
    /// - Throws: `PostgresError`; `StorageError`.
    package func update(
        _ days: ClosedRange<LocalDay>, on connection: PostgresConnection, progress: @Sendable (Double) -> Void
    ) async throws -> Int {
        var events = 0
        var first = days.lowerBound
        let all = Double(days.lowerBound.distance(to: days.upperBound) + 1)
        while first <= days.upperBound {
            try Task.checkCancellation()
            let part = first...min(first.advanced(by: Self.daysAtOnce - 1), days.upperBound)
            events += try await update(part: part, on: connection)
            first = part.upperBound.advanced(by: 1)
            progress(Double(days.lowerBound.distance(to: first)) / all)
        }
        return events
    }

    private func update(part: ClosedRange<LocalDay>, on connection: PostgresConnection) async throws -> Int {
        let read = try await connection.transaction("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY") { connection in
            let known = try await EventDays.load(connection, dataset: dataset.slug, days: part)
            var changed: Set<LocalDay> = []
            for resolution in resolutions {
                let kept = try await versions(part, resolution, on: connection)
                changed.formUnion(known.days.lazy.filter { kept[$0] != known.version(of: $0) })
            }
            let reader = PointReader(
                options: options, dataset: dataset, resolutions: resolutions, types: types, sql: sql)
            let bins = try await reader.read(changed.sorted(), on: connection)
            return (known: known, bins: bins)
        }
        guard !read.bins.isEmpty else { return 0 }
        try await connection.transaction { connection in
            for (index, resolution) in resolutions.enumerated() {
                var days: [LocalDay: CountsStore.Day] = [:]
                for bins in read.bins {
                    for (offset, counts) in bins.counts.enumerated() {
                        let day = bins.days.lowerBound.advanced(by: offset)
                        guard let version = read.known.version(of: day) else { continue }
                        days[day] = CountsStore.Day(version: version, counts: counts[index])
                    }
                }
                try await put(days, resolution, on: connection)
            }
        }
        return read.bins.reduce(0) { $0 + $1.events }
    }

    /// Whether the kept counts of all days with events, at every resolution, are those of the events as this snapshot
    /// has them.
    /// - Throws: `PostgresError`.
    package func isCurrent(_ days: ClosedRange<LocalDay>, on connection: PostgresConnection) async throws -> Bool {
        let known = try await EventDays.load(connection, dataset: dataset.slug, days: days)
        for resolution in resolutions {
            let kept = try await versions(days, resolution, on: connection)
            guard known.days.allSatisfy({ kept[$0] == known.version(of: $0) }) else { return false }
        }
        return true
    }

    /// The cells that had an event on one of some days, whatever its type, ascending.
    /// - Throws: `PostgresError`.
    package func cells(
        _ days: ClosedRange<LocalDay>, resolution: Int, on connection: PostgresConnection
    ) async throws -> [UInt64] {
        let rows = try await connection.query(
            """
            SELECT DISTINCT cell FROM daily_counts c JOIN event_days e USING (dataset, day), unnest(c.cells) AS cell
            WHERE c.dataset = $1 AND c.resolution = $2 AND c.day BETWEEN $3 AND $4
            """, [dataset.slug, Int16(clamping: resolution), days.lowerBound, days.upperBound])
        return try rows.map { UInt64(bitPattern: try $0.get(0, as: Int64.self)) }.sorted()
    }

    /// The number of events of each day with events, whatever their type.
    /// - Throws: `PostgresError`.
    package func totals(
        _ days: ClosedRange<LocalDay>, resolution: Int, on connection: PostgresConnection
    ) async throws -> [LocalDay: Int] {
        let rows = try await connection.query(
            """
            SELECT c.day, (SELECT sum(n) FROM unnest(c.counts) AS n) AS events
            FROM daily_counts c JOIN event_days e USING (dataset, day)
            WHERE c.dataset = $1 AND c.resolution = $2 AND c.day BETWEEN $3 AND $4
            """, [dataset.slug, Int16(clamping: resolution), days.lowerBound, days.upperBound])
        return try rows.reduce(into: [:]) { totals, row in
            var fields = row.fields
            let day: LocalDay = try fields.next("day")
            totals[day] = try fields.next("events", as: Int?.self) ?? 0
        }
    }

    /// The counts of a part of some days, one for each day with events, ascending. Parts follow each other by
    /// ``parts(of:)``.
    /// - Throws: `PostgresError`.
    package func counts(
        _ part: ClosedRange<LocalDay>, resolution: Int, on connection: PostgresConnection
    ) async throws -> [(day: LocalDay, counts: DayCounts)] {
        let rows =
            try await types == nil
            ? connection.query(
                """
                SELECT c.day, c.cells, c.counts FROM daily_counts c JOIN event_days e USING (dataset, day)
                WHERE c.dataset = $1 AND c.resolution = $2 AND c.day BETWEEN $3 AND $4 ORDER BY c.day
                """, [dataset.slug, Int16(clamping: resolution), part.lowerBound, part.upperBound])
            : connection.query(
                """
                SELECT c.day, c.cells, c.counts FROM kind_counts c JOIN event_days e USING (dataset, day)
                WHERE c.dataset = $1 AND c.resolution = $2 AND c.day BETWEEN $3 AND $4 AND c.kind = $5 ORDER BY c.day
                """, [dataset.slug, Int16(clamping: resolution), part.lowerBound, part.upperBound, kind.text])
        return try rows.map { row in
            var fields = row.fields
            let day: LocalDay = try fields.next("day")
            return (
                day,
                DayCounts(
                    cells: try PackedArray.next("cells", of: &fields, as: UInt64.self),
                    counts: try PackedArray.next("counts", of: &fields, as: Int32.self))
            )
        }
    }

    /// The days divided into parts that are held in memory one at a time.
    package static func parts(of days: ClosedRange<LocalDay>) -> [ClosedRange<LocalDay>] {
        stride(from: 0, through: days.lowerBound.distance(to: days.upperBound), by: daysAtOnce).map { offset in
            let first = days.lowerBound.advanced(by: offset)
            return first...min(first.advanced(by: daysAtOnce - 1), days.upperBound)
        }
    }

    /// The risks of each cell on some days, which tell of each day no more than was known on its evening.
    /// - Throws: `PostgresError`.
    package func risks(
        _ part: ClosedRange<LocalDay>, resolution: Int, on connection: PostgresConnection
    ) async throws -> [(day: LocalDay, cells: [UInt64], risks: [Double])] {
        let rows = try await connection.query(
            """
            SELECT day, cells, risks FROM daily_aggregates
            WHERE dataset = $1 AND resolution = $2 AND day BETWEEN $3 AND $4 ORDER BY day
            """, [dataset.slug, Int16(clamping: resolution), part.lowerBound, part.upperBound])
        return try rows.map { row in
            var fields = row.fields
            let day: LocalDay = try fields.next("day")
            return (
                day, try PackedArray.next("cells", of: &fields, as: UInt64.self),
                try PackedArray.next("risks", of: &fields, as: UInt64.self).map(Double.init(bitPattern:))
            )
        }
    }

    /// Deletes the counts of groups that the dataset no longer names.
    /// - Throws: `PostgresError`.
    package static func forgetOthers(of dataset: Dataset, on connection: PostgresConnection) async throws {
        try await connection.query(
            "DELETE FROM kind_counts WHERE dataset = $1 AND kind <> ALL ($2)",
            [dataset.slug, PostgresArray(dataset.groups.map(\.name.text))])
    }

    private func versions(
        _ days: ClosedRange<LocalDay>, _ resolution: Int, on connection: PostgresConnection
    ) async throws -> [LocalDay: Int64] {
        guard let types else {
            return try await CountsStore(connection: connection, dataset: dataset.slug, resolution: resolution)
                .versions(days)
        }
        let rows = try await connection.query(
            """
            SELECT day, version FROM kind_counts
            WHERE dataset = $1 AND resolution = $2 AND kind = $3 AND day BETWEEN $4 AND $5 AND types = $6
            """,
            [
                dataset.slug, Int16(clamping: resolution), kind.text, days.lowerBound, days.upperBound,
                PostgresArray(types),
            ])
        return try rows.reduce(into: [:]) { versions, row in
            var fields = row.fields
            versions[try fields.next("day", as: LocalDay.self)] = try fields.next("version", as: Int64.self)
        }
    }

    private func put(
        _ days: [LocalDay: CountsStore.Day], _ resolution: Int, on connection: PostgresConnection
    ) async throws {
        guard let types else {
            try await CountsStore(connection: connection, dataset: dataset.slug, resolution: resolution).put(days)
            return
        }
        guard !days.isEmpty else { return }
        let ordered = days.sorted { $0.key < $1.key }
        try await connection.query(
            "DELETE FROM kind_counts WHERE dataset = $1 AND resolution = $2 AND kind = $3 AND day = ANY ($4)",
            [dataset.slug, Int16(clamping: resolution), kind.text, PostgresArray(ordered.map(\.key))])
        let columns = "dataset, resolution, kind, day, version, types, cells, counts"
        try await connection.copyIn("COPY kind_counts (\(columns)) FROM STDIN (FORMAT binary)") { writer in
            var rows = CopyRows(writer)
            for (day, kept) in ordered {
                try await rows.begin(fields: 8)
                rows.buffer.append(dataset.slug)
                rows.buffer.append(Int16(clamping: resolution))
                rows.buffer.append(kind.text)
                rows.buffer.append(day)
                rows.buffer.append(kept.version)
                rows.buffer.append(PostgresArray(types))
                rows.buffer.append(PackedArray(kept.counts.cells))
                rows.buffer.append(PackedArray(kept.counts.counts))
            }
            try await rows.flush()
        }
    }
}
