import Areas
import Domain
import Postgres
import TestDatabase
import TestDomain
import TestStorage
import TestSupport
import Testing

@testable import Storage

/// Counts of events by area after any edits are those of PostGIS over the same events.
@Suite(migratedDatabase())
struct AreaCountingTests {
    private static let zone = "America/Toronto"

    private static func square(_ x: Double, _ y: Double, _ side: Double) -> Geometry {
        .polygon(
            Polygon([
                Position(x, y), Position(x + side, y), Position(x + side, y + side), Position(x, y + side),
                Position(x, y),
            ]))
    }

    /// A grid of squares with borders that points fall on, and one that overlaps four of them.
    @discardableResult
    private static func importLayer(_ slug: Slug, side: Double = 0.02) async throws -> AreaImport.Outcome {
        var records: [AreaImport.Record] = []
        for column in 0..<2 {
            for row in 0..<2 {
                records.append(
                    AreaImport.Record(
                        number: records.count + 1, id: "b\(column)\(row)", name: "Square \(column) \(row)",
                        population: Double(1000 * (column + 1)),
                        geometry: square(-79.4 + Double(column) * side, 43.6 + Double(row) * side, side)))
            }
        }
        records.append(
            AreaImport.Record(
                number: 5, id: "a", name: "Middle", population: nil,
                geometry: square(-79.4 + side / 2, 43.6 + side / 2, side)))
        var rest = records[...]
        return try await AreaImport(TestDatabase.options, sql: Checkout.sql()).run(
            .init(slug: slug, name: "Squares", source: "a test"), next: { rest.popFirst() })
    }

    /// Counts in one layer, since other tests replace theirs at the same time.
    @discardableResult
    private static func count(
        _ dataset: Slug, in layer: Slug, isFull: Bool = false
    ) async throws -> AreaCounting.Outcome {
        let outcomes = try await AreaCounting(TestDatabase.options, sql: Checkout.sql())
            .run(dataset, layers: [layer], isFull: isFull)
        return try #require(outcomes.first)
    }

    /// How many rows only one of our counts and those of PostGIS has.
    private static func differences(_ dataset: Slug, _ layer: Slug) async throws -> Int {
        let ours = "SELECT area, day, event_type, events FROM area_day_counts WHERE dataset = $1 AND layer = $2"
        let expected = """
            SELECT f.id, f.day, f.event_type, count(*) FROM (
                SELECT (
                    SELECT a.id FROM areas a JOIN area_layers l ON l.id = a.layer_id
                    WHERE l.slug = $2 AND ST_Covers(a.geom, e.geom) ORDER BY a.id COLLATE "C" LIMIT 1) AS id,
                    (e.event_timestamp AT TIME ZONE '\(zone)')::date AS day, e.event_type
                FROM events e WHERE e.dataset = $1) f
            WHERE f.id IS NOT NULL GROUP BY 1, 2, 3
            """
        return try await value(
            """
            SELECT (SELECT count(*) FROM ((\(ours)) EXCEPT ALL (\(expected))) a)
                + (SELECT count(*) FROM ((\(expected)) EXCEPT ALL (\(ours))) b)
            """, [dataset, layer], as: Int.self)
    }

    /// The sums by month, area and type that only one of months and days has.
    private static func monthDifferences(_ dataset: Slug) async throws -> Int {
        func sums(_ table: String, _ day: String) -> String {
            """
            SELECT d.layer_id, date_trunc('month', d.\(day))::date, u.area, d.kinds[u.kind], sum(u.count)
            FROM \(table) d CROSS JOIN LATERAL unnest(d.areas, d.kind_numbers, d.counts) AS u (area, kind, count)
            WHERE d.dataset = $1 GROUP BY 1, 2, 3, 4
            """
        }
        return try await value(
            """
            SELECT (SELECT count(*) FROM ((\(sums("area_days", "day"))) EXCEPT ALL (\(sums("area_months", "month")))) a)
                + (SELECT count(*) FROM ((\(sums("area_months", "month"))) EXCEPT ALL (\(sums("area_days", "day")))) b)
            """, [dataset], as: Int.self)
    }

    private static func event(_ random: inout SplitMix) -> SampleEvent {
        let start = SampleEvent.instant("2021-10-01T04:00:00Z")
        let time = start + .seconds(Int64.random(in: 0..<(60 * 86_400), using: &random))
        // Steps of a hundredth put many points on borders and corners.
        return SampleEvent(
            time: time.description, longitude: -79.41 + 0.01 * Double(Int.random(in: 0...7, using: &random)),
            latitude: 43.59 + 0.01 * Double(Int.random(in: 0...7, using: &random)),
            type: ["theft", "assault", "Ärger"].randomElement(using: &random) ?? "theft")
    }

    @Test(arguments: UInt64(1)...3)
    func anyEditsEndInTheCountsOfPostGIS(_ seed: UInt64) async throws {
        var random = SplitMix(state: seed)
        let slug = try await Dataset.stored("counted-\(seed)", timeZone: Self.zone).slug
        let layer: Slug = "squares-\(seed)"
        try await Self.importLayer(layer)
        for content in "0123456" {
            let events = (0..<Int.random(in: 1...40, using: &random)).map { _ in Self.event(&random) }
            try await IngestStore.ofTheSuite().ingest([EventChunk(events)], into: slug, content: content)
            let chosen = "dataset = $1 AND hashint8(sequence + $2) % 10 = 0"
            let edit = Int64.random(in: 0..<1000, using: &random)
            try await withConnection { connection in
                if edit % 3 == 0 {
                    try await connection.query("DELETE FROM events WHERE \(chosen)", [slug, edit])
                } else if edit % 3 == 1 {
                    try await connection.query(
                        "UPDATE events SET geom = ST_Translate(geom, 0.01, 0) WHERE \(chosen)", [slug, edit])
                } else {
                    try await connection.query(
                        "UPDATE events SET event_timestamp = event_timestamp + interval '1 day' WHERE \(chosen)",
                        [slug, edit])
                }
            }
            if edit % 5 == 0 { try await Self.importLayer(layer) }
            let outcome = try await Self.count(slug, in: layer)
            #expect(try await Self.differences(slug, layer) == 0)
            #expect(try await Self.monthDifferences(slug) == 0)
            let all = try await value("SELECT count(*) FROM events WHERE dataset = $1", [slug], as: Int.self)
            #expect(outcome.counts.events == all)
        }
        let again = try await Self.count(slug, in: layer)
        #expect(again.days == 0)
        #expect(again.eventsRead == 0)
        #expect(try await Self.count(slug, in: layer, isFull: true).days > 0)
        #expect(try await Self.differences(slug, layer) == 0)
    }

    @Test func onlyDaysThatChangedAreRead() async throws {
        let slug = try await Dataset.stored("changed", timeZone: Self.zone).slug
        try await Self.importLayer("changed-squares")
        let days = (1...5).map { SampleEvent(time: "2021-06-0\($0)T12:00:00Z", longitude: -79.395, latitude: 43.605) }
        try await IngestStore.ofTheSuite().ingest([EventChunk(days)], into: slug, content: "a")
        let first = try await Self.count(slug, in: "changed-squares")
        #expect(first.days == 5)
        #expect(first.eventsRead == 5)
        try await IngestStore.ofTheSuite().ingest([EventChunk([days[2]])], into: slug, content: "b")
        let second = try await Self.count(slug, in: "changed-squares")
        #expect(second.days == 1)
        #expect(second.eventsRead == 2)
        #expect(second.counts.version > first.counts.version)
    }

    @Test func aLayerIsReplacedAsAWhole() async throws {
        let slug = try await Dataset.stored("replaced", timeZone: Self.zone).slug
        let before = try await Self.importLayer("replaced-squares")
        #expect(!before.isReplaced)
        try await IngestStore.ofTheSuite().ingest(
            [EventChunk([SampleEvent(longitude: -79.395, latitude: 43.605)])], into: slug, content: "a")
        try await Self.count(slug, in: "replaced-squares")
        let after = try await Self.importLayer("replaced-squares", side: 0.01)
        #expect(after.isReplaced)
        #expect(after.recounted.contains(slug))
        #expect(after.layer.id != before.layer.id)
        #expect(after.layer.version > before.layer.version)
        let left = try await value(
            "SELECT count(*) FROM area_days WHERE layer_id = $1", [before.layer.id], as: Int.self)
        #expect(left == 0)
    }

    @Test func aRecordThatIsRefusedLeavesTheOldLayer() async throws {
        let before = try await Self.importLayer("kept-squares")
        let record = AreaImport.Record(
            number: 7, id: "x", name: "X", population: nil, geometry: Self.square(0, 0, 1))
        var rest = [record, record][...]
        let error = await #expect(throws: StorageError.self) {
            try await AreaImport(TestDatabase.options, sql: Checkout.sql()).run(
                .init(slug: "kept-squares", name: "Squares", source: "twice.geojson"), next: { rest.popFirst() })
        }
        #expect(error?.message.contains("records 7 and 7 have the same id, x") == true)
        let id = try await value("SELECT id FROM area_layers WHERE slug = 'kept-squares'", as: Int.self)
        #expect(id == Int(before.layer.id))
    }

    @Test func gapsAndOverlapsAreTold() async throws {
        let layer = try await Self.importLayer("faulty-squares").layer
        // The square in the middle overlaps each of the four by a quarter of it.
        #expect(layer.faults.contains(#""overlaps": 4"#))
        #expect(layer.faults.contains(#""gaps": 0"#))
        let invalid = try await value(
            """
            SELECT count(*) FROM (
                SELECT ST_CoverageInvalidEdges(geom_3857) OVER (PARTITION BY band) AS fault FROM area_shapes
                WHERE layer_id = $1) s
            WHERE fault IS NOT NULL
            """, [layer.id], as: Int.self)
        #expect(invalid == 0)
    }

    @Test func aDeletedDatasetLeavesNoCounts() async throws {
        let slug = try await Dataset.stored("doomed", timeZone: Self.zone).slug
        try await Self.importLayer("doomed-squares")
        try await IngestStore.ofTheSuite().ingest(
            [EventChunk([SampleEvent(longitude: -79.395, latitude: 43.605)])], into: slug, content: "a")
        try await Self.count(slug, in: "doomed-squares")
        _ = try await DatasetDeletion(TestDatabase.options, sql: Checkout.sql()).delete(slug)
        for table in ["area_days", "area_months", "area_counts"] {
            #expect(try await value("SELECT count(*) FROM \(table) WHERE dataset = $1", [slug], as: Int.self) == 0)
        }
    }
}
