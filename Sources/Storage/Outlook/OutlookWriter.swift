package import Domain
package import Postgres

/// The columns of one outlook: one entry for each cell of its study area, and for figures of periods the entries of all
/// cells for the first period, then those for the next.
package struct OutlookColumns: Sendable {
    /// The cells, ascending.
    package var cells: [UInt64]
    package var events: [Int32]
    package var eventsBefore: [Int32]
    package var changePs: [Double]
    package var trends: [CountTrend]
    /// -1 where no day has a score; `nil` for a group of types. The same holds for the days flagged.
    package var maxScores: [Double]?
    package var daysFlagged: [Int32]?
    package var classes: [HotSpotClass]
    package var giZs: [Double]
    package var giTrendPs: [Double]
    package var expected: [Double]
    package var chances: [Double]
    package var lower50: [Int32]
    package var upper50: [Int32]
    package var lower90: [Int32]
    package var upper90: [Int32]

    package init(
        cells: [UInt64], events: [Int32], eventsBefore: [Int32], changePs: [Double], trends: [CountTrend],
        maxScores: [Double]?, daysFlagged: [Int32]?, classes: [HotSpotClass], giZs: [Double], giTrendPs: [Double],
        expected: [Double], chances: [Double], lower50: [Int32], upper50: [Int32], lower90: [Int32], upper90: [Int32]
    ) {
        self.cells = cells
        self.events = events
        self.eventsBefore = eventsBefore
        self.changePs = changePs
        self.trends = trends
        self.maxScores = maxScores
        self.daysFlagged = daysFlagged
        self.classes = classes
        self.giZs = giZs
        self.giTrendPs = giTrendPs
        self.expected = expected
        self.chances = chances
        self.lower50 = lower50
        self.upper50 = upper50
        self.lower90 = lower90
        self.upper90 = upper90
    }
}

/// The subject of an outlook, and how it was made.
package struct OutlookHead: Sendable {
    package var dataset: Slug
    package var resolution: Int
    package var asOf: LocalDay
    package var kind: EventKind
    /// The first day that it knows.
    package var firstDay: LocalDay
    /// The steps of the window of hot spots.
    package var steps: Int
    package var alpha: Double
    package var isCorrected: Bool
    /// The largest p that counts as a spot; `nil` where there is none.
    package var threshold: Double?
    package var horizon: Int
    /// The weights of the forecast, a JSON object.
    package var model: String

    package init(
        dataset: Slug, resolution: Int, asOf: LocalDay, kind: EventKind, firstDay: LocalDay, steps: Int, alpha: Double,
        isCorrected: Bool, threshold: Double?, horizon: Int, model: String
    ) {
        self.dataset = dataset
        self.resolution = resolution
        self.asOf = asOf
        self.kind = kind
        self.firstDay = firstDay
        self.steps = steps
        self.alpha = alpha
        self.isCorrected = isCorrected
        self.threshold = threshold
        self.horizon = horizon
        self.model = model
    }
}

/// Stores outlooks. The next refresh serves them.
package struct OutlookWriter: Sendable {
    private let connection: PostgresConnection

    /// The number of days of a dataset and resolution whose outlooks are kept, the newest.
    package static let keptDays = 8

    package init(_ connection: PostgresConnection) { self.connection = connection }

    /// Replaces the outlook of the same dataset, resolution, day and kind, and deletes those of older days than are
    /// kept, except this one.
    ///
    /// - Parameter lease: The lease of the job that this belongs to; without it nothing is written.
    /// - Throws: ``JobLease/hold(on:)``'s errors; `PostgresError`.
    package func put(_ head: OutlookHead, _ columns: OutlookColumns, lease: JobLease? = nil) async throws {
        try await connection.transaction { connection in
            // Row locks on the index of the cells are taken in the same order by all.
            try await CellStore(connection: connection).add(columns.cells, resolution: head.resolution)
            try await connection.query(
                "DELETE FROM outlooks WHERE dataset = $1 AND resolution = $2 AND as_of = $3 AND kind = $4",
                [head.dataset, Int16(clamping: head.resolution), head.asOf, head.kind.text])
            try await copy(head, columns, to: connection)
            try await connection.query(
                """
                DELETE FROM outlooks WHERE dataset = $1 AND resolution = $2 AND as_of <> $3 AND as_of NOT IN (
                    SELECT DISTINCT as_of FROM outlooks WHERE dataset = $1 AND resolution = $2
                    ORDER BY as_of DESC LIMIT $4)
                """, [head.dataset, Int16(clamping: head.resolution), head.asOf, Int64(Self.keptDays)])
            // Last, so that the job can be ended while this waits for somebody.
            try await lease?.hold(on: connection)
        }
    }

    /// Deletes the outlooks of groups that the dataset no longer names.
    /// - Throws: `PostgresError`.
    package func forgetOtherKinds(of dataset: Dataset) async throws {
        try await connection.query(
            "DELETE FROM outlooks WHERE dataset = $1 AND kind <> ALL ($2)",
            [dataset.slug, PostgresArray(dataset.kinds.map(\.text))])
    }

    private func copy(
        _ head: OutlookHead, _ columns: OutlookColumns, to connection: PostgresConnection
    ) async throws {
        let names = """
            dataset, resolution, as_of, kind, first_day, steps, alpha, corrected, threshold, horizon, model, cells, \
            events, events_before, change_ps, trends, max_scores, days_flagged, classes, gi_zs, gi_trend_ps, expected, \
            chances, lower_50s, upper_50s, lower_90s, upper_90s
            """
        try await connection.copyIn("COPY outlooks (\(names)) FROM STDIN (FORMAT binary)") { writer in
            var rows = CopyRows(writer)
            try await rows.begin(fields: 27)
            rows.buffer.append(head.dataset)
            rows.buffer.append(Int16(clamping: head.resolution))
            rows.buffer.append(head.asOf)
            rows.buffer.append(head.kind.text)
            rows.buffer.append(head.firstDay)
            rows.buffer.append(Int16(clamping: head.steps))
            rows.buffer.append(head.alpha)
            rows.buffer.append(head.isCorrected)
            rows.buffer.append(head.threshold)
            rows.buffer.append(Int16(clamping: head.horizon))
            // The binary form of jsonb is a version, 1, and the text.
            rows.buffer.append(raw: [1] + Array(head.model.utf8))
            rows.buffer.append(PackedArray(columns.cells))
            rows.buffer.append(PackedArray(columns.events))
            rows.buffer.append(PackedArray(columns.eventsBefore))
            rows.buffer.append(PackedArray(columns.changePs))
            rows.buffer.append(PackedArray(columns.trends.map(\.place)))
            rows.buffer.append(columns.maxScores.map { PackedArray($0) })
            rows.buffer.append(columns.daysFlagged.map { PackedArray($0) })
            rows.buffer.append(PackedArray(columns.classes.map(\.place)))
            rows.buffer.append(PackedArray(columns.giZs))
            rows.buffer.append(PackedArray(columns.giTrendPs))
            rows.buffer.append(PackedArray(columns.expected))
            rows.buffer.append(PackedArray(columns.chances))
            rows.buffer.append(PackedArray(columns.lower50))
            rows.buffer.append(PackedArray(columns.upper50))
            rows.buffer.append(PackedArray(columns.lower90))
            rows.buffer.append(PackedArray(columns.upper90))
            try await rows.flush()
        }
    }
}

extension CaseIterable where Self: Equatable {
    /// The place of a word in the list of its kind, from 0, as tables keep it.
    fileprivate var place: Int16 {
        for (place, word) in Self.allCases.enumerated() where word == self { return Int16(place) }
        return 0
    }
}
