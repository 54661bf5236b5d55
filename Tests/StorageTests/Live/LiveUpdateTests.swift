import Domain
import H3
import Postgres
import TestDatabase
import TestDomain
import TestStorage
import TestSupport
import Testing

@testable import Storage

/// Days that are served between runs.
@Suite(migratedDatabase(), .serialized)
struct LiveUpdateTests {
    private static let resolutions = [6, 8]

    private static func score(_ dataset: Dataset, _ normalization: Normalization = .minmax) async throws {
        _ = try await ScoringRun(TestDatabase.options, sql: Checkout.sql()).run(
            .init(dataset: dataset, resolutions: resolutions, normalization: normalization))
    }

    @discardableResult
    private static func refresh() async throws -> Int64 {
        try await ViewRefresh(TestDatabase.options, sql: Checkout.sql()).refresh().generation
    }

    /// Serves all changed days, and returns the last generation.
    @discardableResult
    private static func update(_ slug: Slug) async throws -> Int64? {
        try await withConnection { connection in
            var newest: Int64?
            while true {
                let outcome = try await LiveUpdate(TestDatabase.options, sql: Checkout.sql())
                    .run(slug, on: connection)
                guard case .served(_, let generation, let isOver) = outcome else { return newest }
                newest = generation ?? newest
                if isOver { return newest }
            }
        }
    }

    private static func generation() async throws -> Int64 { try await value("SELECT generation FROM served_view") }

    private static func store(_ events: [SampleEvent], _ slug: Slug, _ content: Character) async throws {
        try await IngestStore.ofTheSuite().ingest([EventChunk(events)], into: slug, content: content)
    }

    // MARK: The same from scratch

    private static func event(_ random: inout SplitMix, days: Range<Int>) -> SampleEvent {
        let time =
            SampleEvent.instant("2021-10-01T00:00:00Z")
            + .seconds(
                Int64(Int.random(in: days, using: &random)) * 86_400 + Int64.random(in: 0..<86_400, using: &random))
        return SampleEvent(
            time: time.description, longitude: -79.4 + Double.random(in: 0..<0.06, using: &random),
            latitude: 43.6 + Double.random(in: 0..<0.04, using: &random))
    }

    /// The counts by cell and day of the stored events.
    private static func counts(_ slug: Slug, _ resolution: Int) async throws -> [H3Cell: [LocalDay: Int]] {
        let rows = try await withConnection { connection in
            try await connection.query(
                """
                SELECT ST_X(geom) AS x, ST_Y(geom) AS y, (event_timestamp AT TIME ZONE 'UTC')::date AS day
                FROM events WHERE dataset = $1
                """, [slug])
        }
        var counts: [H3Cell: [LocalDay: Int]] = [:]
        for row in rows {
            var fields = row.fields
            let (x, y): (Double, Double) = (try fields.next("x"), try fields.next("y"))
            let cell = try H3Cell(latitude: y, longitude: x, resolution: Resolution(resolution))
            counts[cell, default: [:]][try fields.next("day", as: LocalDay.self), default: 0] += 1
        }
        return counts
    }

    /// The formulas of docs/scoring.md, one after the other.
    private static func risk(_ counts: [LocalDay: Int], _ day: LocalDay, _ weights: RiskWeights) -> Double {
        func sum(_ days: ClosedRange<Int>) -> Double {
            days.reduce(0) { $0 + Double(counts[day.advanced(by: -$1)] ?? 0) }
        }
        let count = Double(counts[day] ?? 0)
        let previous = sum(1...7) / 7
        return weights.count * count + weights.growth * (count - previous) / max(previous, 1.0 / 7)
            + weights.average * sum(0...6) / 7
    }

    /// The scores that days must have on the scale of earlier events.
    private static func expected(
        _ now: [H3Cell: [LocalDay: Int]], onTheScaleOf then: [H3Cell: [LocalDay: Int]], _ weights: RiskWeights
    ) throws -> [String: (score: Double, zScore: Double)] {
        let risks = then.flatMap { _, counts in counts.keys.map { risk(counts, $0, weights) } }
        let days = then.values.flatMap(\.keys)
        let (least, greatest) = (try #require(risks.min()), try #require(risks.max()))
        let (first, last) = (try #require(days.min()), try #require(days.max()))
        let length = Double(first.distance(to: last) + 1)
        var expected: [String: (score: Double, zScore: Double)] = [:]
        for (cell, counts) in now {
            let known = (then[cell] ?? [:]).values.map(Double.init)
            let mean = known.reduce(0, +) / length
            let variance = known.reduce(0) { $0 + $1 * $1 } / length - mean * mean
            for (day, count) in counts {
                let share = (risk(counts, day, weights) - least) / (greatest - least)
                expected["\(cell.bits) \(day)"] = (
                    min(100, max(0, 100 * share)),
                    variance > 1e-12 ? (Double(count) - mean) / variance.squareRoot() : 0
                )
            }
        }
        return expected
    }

    private static func served(_ slug: Slug, _ resolution: Int) async throws -> [String: (
        score: Double, zScore: Double
    )] {
        let rows = try await withConnection { connection in
            try await connection.query(
                """
                SELECT h3_index, day, risk_score, z_score FROM mv_daily_risk WHERE dataset = $1 AND resolution = $2
                """, [slug, Int16(resolution)])
        }
        return try rows.reduce(into: [:]) { served, row in
            var fields = row.fields
            let cell: Int64 = try fields.next("h3_index")
            let day: LocalDay = try fields.next("day")
            served["\(UInt64(bitPattern: cell)) \(day)"] = (try fields.next("risk_score"), try fields.next("z_score"))
        }
    }

    @Test(arguments: UInt64(1)...4)
    func liveDaysAreWhatScoringThemOnTheFrozenScaleGives(_ seed: UInt64) async throws {
        var random = SplitMix(state: seed)
        let dataset = try await Dataset.stored("live-\(seed)", resolutions: Self.resolutions)
        let slug = dataset.slug
        try await Self.store((0..<400).map { _ in Self.event(&random, days: 0..<40) }, slug, "0")
        try await Self.score(dataset)
        try await Self.refresh()
        var then: [Int: [H3Cell: [LocalDay: Int]]] = [:]
        for resolution in Self.resolutions { then[resolution] = try await Self.counts(slug, resolution) }
        for content in "123" {
            // Old days, new days, new places, and events that are gone.
            let events =
                (0..<30).map { _ in Self.event(&random, days: 0..<44) } + [
                    SampleEvent(
                        time: "2021-10-20T12:00:00Z", longitude: -79.2 - Double(seed) / 10, latitude: 43.9)
                ]
            try await Self.store(events, slug, content)
            let gone = Int64.random(in: 0..<1000, using: &random)
            try await withConnection { connection in
                try await connection.query(
                    "DELETE FROM events WHERE dataset = $1 AND hashint8(sequence + $2) % 25 = 0", [slug, gone])
            }
            let before = try await Self.generation()
            let newest = try await Self.update(slug)
            #expect(try #require(newest) > before)
            for resolution in Self.resolutions {
                let served = try await Self.served(slug, resolution)
                let expected = try Self.expected(
                    try await Self.counts(slug, resolution), onTheScaleOf: then[resolution] ?? [:], dataset.weights)
                #expect(Set(served.keys) == Set(expected.keys))
                for (place, figures) in expected {
                    let found = try #require(served[place])
                    #expect(abs(found.score - figures.score) < 1e-9, "\(place)")
                    #expect(abs(found.zScore - figures.zScore) < 1e-6, "\(place)")
                }
            }
            // The figures about the view are those of its rows.
            #expect(
                try await value(
                    """
                    SELECT v.rows = (SELECT count(*) FROM mv_daily_risk) AND NOT EXISTS (
                        SELECT FROM served_datasets s JOIN LATERAL (
                            SELECT count(*) AS rows, sum(event_count) AS events, max(day) AS last_day
                            FROM mv_daily_risk m
                            WHERE m.dataset = s.dataset AND m.resolution = s.resolution) m ON true
                        WHERE s.rows <> m.rows OR s.events <> m.events OR s.last_day < m.last_day)
                    FROM served_view v
                    """, as: Bool.self))
            #expect(try await Self.update(slug) == nil)
        }
        // A run and a refresh fold all of it.
        try await Self.score(dataset)
        try await Self.refresh()
        #expect(try await value("SELECT count(*) FROM served_changes WHERE dataset = $1", [slug]) == 0)
        #expect(try await Self.update(slug) == nil)
    }

    @Test func percentilesAreSharesOfTheRunThatAreLower() async throws {
        var random = SplitMix(state: 7)
        let dataset = try await Dataset.stored("ranks", resolutions: Self.resolutions)
        try await Self.store((0..<300).map { _ in Self.event(&random, days: 0..<30) }, "ranks", "4")
        try await Self.score(dataset, .percentile)
        try await Self.refresh()
        let then = try await Self.counts("ranks", 8)
        let risks = then.flatMap { _, counts in counts.keys.map { Self.risk(counts, $0, dataset.weights) } }.sorted()
        try await Self.store([Self.event(&random, days: 12..<13), Self.event(&random, days: 31..<32)], "ranks", "5")
        try await Self.update("ranks")
        let served = try await Self.served("ranks", 8)
        let live: [LocalDay] = try await withConnection { connection in
            try await connection.query("SELECT day FROM served_changes WHERE dataset = 'ranks' AND day IS NOT NULL")
                .map { try $0.get(0) }
        }
        #expect(!live.isEmpty)
        for (cell, counts) in try await Self.counts("ranks", 8) {
            for day in counts.keys where live.contains(day) {
                let risk = Self.risk(counts, day, dataset.weights)
                let lower = Double(risks.count { $0 < risk - 1e-12 }) / Double(risks.count) * 100
                let found = try #require(served["\(cell.bits) \(day)"])
                #expect(abs(found.score - lower) <= 0.2 + 100 / Double(risks.count), "\(day)")
            }
        }
    }

    // MARK: Whose tiles change

    @Test func anEventChangesTheVersionOfItsDayAndOfTheWeekAfterItAlone() async throws {
        var random = SplitMix(state: 9)
        let dataset = try await Dataset.stored("week", resolutions: Self.resolutions)
        let place = SampleEvent(longitude: -79.38, latitude: 43.65)
        var events = (0..<30).map { day in
            SampleEvent(time: "2021-10-\(day < 9 ? "0" : "")\(day + 1)T12:00:00Z", longitude: place.longitude)
        }
        events.append(Self.event(&random, days: 3..<4))
        try await Self.store(events, "week", "6")
        try await Self.score(dataset)
        let whole = try await Self.refresh()
        try await Self.store([SampleEvent(time: "2021-10-10T15:00:00Z", longitude: place.longitude)], "week", "7")
        let generation = try #require(try await Self.update("week"))
        #expect(generation == whole + 1)
        let days: [String] = try await withConnection { connection in
            try await connection.query(
                "SELECT day::text FROM served_changes WHERE dataset = 'week' AND generation = $1 ORDER BY 1",
                [generation]
            ).map { try $0.get(0) }
        }
        // The averages of the six days after it, and the growth of the seventh.
        #expect(days == (10...17).map { "2021-10-\($0)" })
        // Only the rows of its cells were written.
        #expect(try await value("SELECT whole_generation FROM served_view") == whole)
    }

    @Test func whatBecameLiveWhileARefreshWasBuiltIsKeptAndScoredOnTheNewScale() async throws {
        var random = SplitMix(state: 10)
        let dataset = try await Dataset.stored("fold", resolutions: Self.resolutions)
        try await Self.store((0..<200).map { _ in Self.event(&random, days: 0..<20) }, "fold", "8")
        try await Self.score(dataset)
        try await Self.refresh()
        let building = Signal()
        let refresher = ViewRefresh(TestDatabase.options, sql: try Checkout.sql())
        let events = "SELECT sum(event_count) FROM mv_daily_risk WHERE dataset = 'fold' AND resolution = 8"
        try await withConnection { holder in
            // Stops the refresh when it is about to read scores.
            try await holder.execute("BEGIN; LOCK TABLE run_scales IN ACCESS EXCLUSIVE MODE")
            async let refreshed = refresher.refresh { _ in building.raise() }
            await building.wait()
            try await Self.store([Self.event(&random, days: 5..<6)], "fold", "9")
            let live = try #require(try await Self.update("fold"))
            #expect(try await value(events) == 201)
            try await holder.execute("COMMIT")
            #expect(try await refreshed.generation == live + 1)
        }
        // The event did not vanish with the swap.
        #expect(try await value(events) == 201)
        #expect(try await value("SELECT rows = (SELECT count(*) FROM mv_daily_risk) FROM served_view", as: Bool.self))
        #expect(try await value("SELECT count(*) FROM served_changes WHERE dataset = 'fold'", as: Int.self) > 0)
        // The rows that were kept are done again, because their events are not those of the build.
        let outcome = try await withConnection { connection in
            try await LiveUpdate(TestDatabase.options, sql: Checkout.sql()).run("fold", on: connection)
        }
        guard case .served(_, _, isOver: true) = outcome else {
            Issue.record("\(outcome)")
            return
        }
    }

    @Test func whereNothingIsServedNothingIsLive() async throws {
        _ = try await Dataset.stored("unserved", resolutions: Self.resolutions)
        try await Self.store([SampleEvent()], "unserved", "a")
        let outcome = try await withConnection { connection in
            try await LiveUpdate(TestDatabase.options, sql: Checkout.sql()).run("unserved", on: connection)
        }
        #expect(outcome == .nothing)
    }

    @Test func oneProcessAtATimeDoesADataset() async throws {
        let outcome = try await withConnection { holder in
            #expect(try await holder.takeLock("hextant live week"))
            return try await withConnection { connection in
                try await LiveUpdate(TestDatabase.options, sql: Checkout.sql()).run("week", on: connection)
            }
        }
        #expect(outcome == .busy)
    }
}
