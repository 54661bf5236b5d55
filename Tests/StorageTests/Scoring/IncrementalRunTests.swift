import Domain
import Postgres
import TestDatabase
import TestDomain
import TestStorage
import TestSupport
import Testing

@testable import Storage

/// A run after any edits gives the same rows as a first run over the same events.
@Suite(migratedDatabase())
struct IncrementalRunTests {
    private static let resolutions = [5, 8]
    private static let zone = "America/Toronto"

    @discardableResult
    private static func run(
        _ dataset: Dataset, _ resolutions: [Int] = resolutions, _ days: ClosedRange<LocalDay>? = nil,
        normalization: Normalization = .minmax
    ) async throws -> ScoringRun.Outcome {
        try await ScoringRun(TestDatabase.options, sql: Checkout.sql()).run(
            .init(
                dataset: dataset, resolutions: resolutions, from: days?.lowerBound, to: days?.upperBound,
                normalization: normalization))
    }

    /// Scores a new copy of the events over the same days.
    private static func fresh(
        _ dataset: Dataset, _ resolutions: [Int] = resolutions, _ days: ClosedRange<LocalDay>? = nil,
        normalization: Normalization = .minmax
    ) async throws -> Dataset {
        var copy = dataset
        copy.slug = "fresh-\(dataset.slug)"
        try await withConnection { connection in
            _ = try await DatasetStore(connection, sql: Checkout.sql()).put(copy)
            for table in ["events", "event_days", "daily_counts", "daily_aggregates", "daily_scores"] {
                try await connection.query("DELETE FROM \(table) WHERE dataset = $1", [copy.slug])
            }
            try await connection.query(
                """
                INSERT INTO events (dataset, event_id, event_type, event_timestamp, geom, batch, row_number)
                SELECT $2, event_id, event_type, event_timestamp, geom, batch, row_number FROM events
                WHERE dataset = $1
                """, [dataset.slug, copy.slug])
            try await connection.query("SELECT mark_all_event_days($1)", [copy.slug])
        }
        try await run(copy, resolutions, days, normalization: normalization)
        return copy
    }

    /// The number of rows, compared to the last bit, that only one of two datasets has on some days.
    private static func differences(
        _ one: Dataset, _ other: Dataset, _ days: ClosedRange<LocalDay>? = nil
    ) async throws -> Int {
        let rows = """
            SELECT resolution, h3_index, day, event_count, float8send(rolling_7d_avg), float8send(growth_rate),
                float8send(risk), float8send(risk_score), risk_level, float8send(z_score), flagged
            FROM cell_aggregates
            FULL JOIN risk_scores USING (dataset, resolution, h3_index, day)
            FULL JOIN anomaly_flags USING (dataset, resolution, h3_index, day)
            WHERE day BETWEEN coalesce($3, '-infinity') AND coalesce($4, 'infinity') AND dataset =
            """
        return try await value(
            """
            SELECT (SELECT count(*) FROM ((\(rows) $1) EXCEPT ALL (\(rows) $2)) a)
                + (SELECT count(*) FROM ((\(rows) $2) EXCEPT ALL (\(rows) $1)) b)
            """, [one.slug, other.slug, days?.lowerBound, days?.upperBound], as: Int.self)
    }

    private static func rowCount(_ dataset: Dataset) async throws -> Int {
        try await value("SELECT count(*) FROM daily_risk WHERE dataset = $1", [dataset.slug], as: Int.self)
    }

    // MARK: Edits

    private static func event(_ random: inout SplitMix, id: String = "") -> SampleEvent {
        // Days of two months around the end of summer time, so that they differ in length and lie in several
        // partitions.
        let start = SampleEvent.instant("2021-10-01T04:00:00Z")
        let time = start + .seconds(Int64.random(in: 0..<(60 * 86_400), using: &random))
        return SampleEvent(
            time: time.description,
            longitude: -79.4 + Double.random(in: 0..<0.06, using: &random),
            latitude: 43.6 + Double.random(in: 0..<0.04, using: &random), id: id)
    }

    /// Makes some of these edits: new rows with and without ids, rows of known ids at other places and times, rows that
    /// are deleted or moved.
    private static func edit(_ dataset: Dataset, _ random: inout SplitMix, content: Character) async throws {
        var events: [SampleEvent] = []
        for _ in 0..<Int.random(in: 0...20, using: &random) { events.append(event(&random)) }
        for _ in 0..<Int.random(in: 0...10, using: &random) {
            events.append(event(&random, id: "id-\(Int.random(in: 0..<40, using: &random))"))
        }
        try await IngestStore.ofTheSuite().ingest([EventChunk(events)], into: dataset.slug, content: content)
        let seed = Int64.random(in: 0..<1000, using: &random)
        let chosen = "dataset = $1 AND hashint8(sequence + $2) % 20 = 0"
        try await withConnection { connection in
            if Bool.random(using: &random) {
                try await connection.query("DELETE FROM events WHERE \(chosen)", [dataset.slug, seed])
            }
            if Bool.random(using: &random) {
                try await connection.query(
                    "UPDATE events SET geom = ST_Translate(geom, 0.02, 0) WHERE \(chosen)", [dataset.slug, seed + 1])
            }
        }
    }

    @Test(arguments: UInt64(1)...6)
    func anyEditsEndInTheRowsOfAFreshRun(_ seed: UInt64) async throws {
        var random = SplitMix(state: seed)
        var dataset = try await Dataset.stored("edits-\(seed)", timeZone: Self.zone, resolutions: Self.resolutions)
        for content in "0123456789ab" {
            try await Self.edit(dataset, &random, content: content)
            if Int.random(in: 0..<4, using: &random) == 0 {
                dataset.weights = RiskWeights(count: Double.random(in: 0...2, using: &random), growth: 0.3, average: 1)
            }
            let normalization: Normalization = Bool.random(using: &random) ? .minmax : .percentile
            if Bool.random(using: &random) {
                // A run over some of the days at some of the resolutions.
                let first = try #require(LocalDay("2021-10-01")).advanced(by: Int.random(in: 0..<50, using: &random))
                let days = first...first.advanced(by: Int.random(in: 0..<12, using: &random))
                let some = Bool.random(using: &random) ? Self.resolutions : [8]
                try await Self.run(dataset, some, days, normalization: normalization)
                if some == Self.resolutions {
                    let fresh = try await Self.fresh(dataset, some, days, normalization: normalization)
                    #expect(try await Self.differences(dataset, fresh, days) == 0)
                }
            } else {
                try await Self.run(dataset, normalization: normalization)
                let fresh = try await Self.fresh(dataset, normalization: normalization)
                let days = try await Self.run(dataset, normalization: normalization).days
                #expect(try await Self.differences(dataset, fresh, days) == 0)
            }
        }
        try await Self.run(dataset)
        #expect(try await Self.rowCount(dataset) > 60)
    }

    @Test func onlyChangedDaysAreReadAgain() async throws {
        let dataset = try await Dataset.stored("reads", resolutions: [5, 8])
        let store = try IngestStore.ofTheSuite()
        let days = ["2021-06-01", "2021-06-02", "2021-06-03", "2021-06-20"]
        let events = days.flatMap { day in (0..<5).map { SampleEvent(time: "\(day)T0\($0):00:00Z") } }
        try await store.ingest([EventChunk(events)], into: "reads", content: "a")
        #expect(try await Self.run(dataset).events == 20)
        #expect(try await Self.run(dataset).events == 0)
        try await store.ingest([EventChunk([SampleEvent(time: "2021-06-02T09:00:00Z")])], into: "reads", content: "b")
        #expect(try await Self.run(dataset, [8]).events == 6)
        #expect(try await Self.run(dataset, [8]).events == 0)
        // The other resolution has not seen that day yet.
        #expect(try await Self.run(dataset, [5]).events == 6)
        // An upload without new events changes no day.
        try await store.ingest([EventChunk(events)], into: "reads", content: "a")
        #expect(try await Self.run(dataset).events == 0)
        let full = ScoringRun.Request(dataset: dataset, resolutions: [8], isFull: true)
        #expect(try await ScoringRun(TestDatabase.options, sql: Checkout.sql()).run(full).events == 21)
    }

    /// A new day changes every score and z-score of the run, but nothing that is stored for the days before.
    @Test func aNewDayLeavesTheOthersAsTheyAreKept() async throws {
        let dataset = try await Dataset.stored("new-day", resolutions: [8])
        let store = try IngestStore.ofTheSuite()
        let events = (10..<30).map { SampleEvent(time: "2021-06-\($0)T05:00:00Z") }
        try await store.ingest([EventChunk(events)], into: "new-day", content: "a")
        try await Self.run(dataset)
        let kept = """
            SELECT md5(string_agg(c::text || a::text, ' ' ORDER BY day)) FROM daily_counts c
            JOIN (SELECT xmin, * FROM daily_aggregates) a USING (dataset, resolution, day)
            WHERE dataset = 'new-day' AND day < '2021-06-30'
            """
        let before: String = try await value(kept)
        let event = SampleEvent(time: "2021-06-30T05:00:00Z")
        try await store.ingest([EventChunk([event, event, event])], into: "new-day", content: "b")
        #expect(try await Self.run(dataset).events == 3)
        #expect(try await value(kept) == before)
        let fresh = try await Self.fresh(dataset)
        #expect(try await Self.differences(dataset, fresh) == 0)
        #expect(
            try await value("SELECT count(*) FROM run_scales WHERE dataset = 'new-day'", as: Int.self)
                == Self.resolutions.count)
    }

    @Test func theDayThatARowLeftAndTheOneItEnteredAreScoredAgain() async throws {
        let dataset = try await Dataset.stored("moves", resolutions: [8])
        let store = try IngestStore.ofTheSuite()
        let stay = [SampleEvent(time: "2021-06-01T05:00:00Z"), SampleEvent(time: "2021-08-01T05:00:00Z")]
        let row = SampleEvent(time: "2021-06-05T12:00:00Z", id: "a")
        try await store.ingest([EventChunk(stay + [row])], into: "moves", content: "a")
        try await Self.run(dataset)
        var moved = row
        moved.time = "2021-07-09T12:00:00Z"
        try await store.ingest([EventChunk([moved])], into: "moves", content: "b")
        #expect(try await Self.run(dataset).events == 1)
        let days: String = try await value(
            "SELECT string_agg(DISTINCT day::text, ' ') FROM cell_aggregates WHERE dataset = 'moves'")
        #expect(days == "2021-06-01 2021-07-09 2021-08-01")
    }

    @Test func anotherTimeZoneScoresEveryDayAgain() async throws {
        var dataset = try await Dataset.stored("zones", resolutions: [8])
        let events = (0..<24).map { SampleEvent(time: "2021-06-\($0 < 8 ? "01" : "02")T0\($0 % 8):30:00Z") }
        try await IngestStore.ofTheSuite().ingest([EventChunk(events)], into: "zones", content: "a")
        try await Self.run(dataset)
        let old = dataset
        dataset = try await Dataset.stored("zones", timeZone: Self.zone, resolutions: [8])
        await #expect(throws: StorageError.self) { try await Self.run(old) }
        let days = try await Self.run(dataset).days
        let fresh = try await Self.fresh(dataset)
        #expect(try await Self.differences(dataset, fresh, days) == 0)
    }

    // MARK: Ingests beside a run

    @Test func whatIsCommittedAfterTheRunReadIsScoredByTheNext() async throws {
        let dataset = try await Dataset.stored("beside", resolutions: [8])
        let store = try IngestStore.ofTheSuite()
        let event = SampleEvent(time: "2021-06-01T05:00:00Z")
        try await store.ingest([EventChunk([event, event])], into: "beside", content: "a")
        try await withConnection { holder in
            // The run has read the events when it is about to write.
            try await holder.execute("BEGIN; LOCK TABLE run_scales IN ACCESS EXCLUSIVE MODE")
            async let first = Self.run(dataset)
            let waiting = "SELECT FROM pg_locks WHERE NOT granted AND relation = 'run_scales'::regclass"
            while try await holder.query(waiting).count == 0 {
                try await Task.sleep(for: .milliseconds(5))
            }
            try await store.ingest([EventChunk([event])], into: "beside", content: "b")
            try await holder.execute("COMMIT")
            #expect(try await first.events == 2)
        }
        #expect(try await Self.run(dataset).events == 3)
        let count: Int = try await value("SELECT event_count FROM cell_aggregates WHERE dataset = 'beside'")
        #expect(count == 3)
    }

    @Test func whatIsCommittedAfterAWholeRunIsScoredByTheNext() async throws {
        let dataset = try await Dataset.stored("open", resolutions: [8])
        let store = try IngestStore.ofTheSuite()
        let event = SampleEvent(time: "2021-06-01T05:00:00Z")
        try await store.ingest([EventChunk([event])], into: "open", content: "a")
        // A run begins and ends after the batch has written its rows, but before it commits.
        _ = try await store.ingest(.sample("open", content: "b")) { writer in
            try await writer.write(EventChunk([event]))
            #expect(try await Self.run(dataset).events == 1)
        }
        #expect(try await Self.run(dataset).events == 2)
    }

    @Test func aBatchThatFailsMarksNothing() async throws {
        struct Stop: Error {}
        let dataset = try await Dataset.stored("fails", resolutions: [8])
        let store = try IngestStore.ofTheSuite()
        try await store.ingest([EventChunk([SampleEvent()])], into: "fails", content: "a")
        try await Self.run(dataset)
        await #expect(throws: Stop.self) {
            try await store.ingest(.sample("fails", content: "b")) { writer in
                try await writer.write(EventChunk([SampleEvent()]))
                throw Stop()
            }
        }
        #expect(try await Self.run(dataset).events == 0)
    }
}
