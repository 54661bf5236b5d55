import Domain
import Postgres
import TestDatabase
import TestDomain
import TestStorage
import Testing

@testable import Storage

/// Rows without ids that are known by their fields and their number among equal ones.
@Suite(migratedDatabase())
struct ContentIdentityTests {
    private static func ingest(
        _ events: [SampleEvent], into dataset: Slug, content: Character, identity: RowIdentity = .content,
        letters: [DeadLetter] = []
    ) async throws -> BatchOutcome {
        try await IngestStore.ofTheSuite().ingest(.sample(dataset, content: content, identity: identity)) { writer in
            // Several event chunks, and the order of the file from back to front.
            for (number, event) in events.enumerated() {
                try await writer.write(EventChunk([event], firstRow: Int64(number) + 1))
            }
            try await writer.write(EventChunk([], deadLetters: letters))
            await writer.end(ContentDigest(start: digest(content), whole: digest(content)), warnings: [])
        }
    }

    private static func digest(_ content: Character) -> [UInt8] {
        Array(repeating: content.asciiValue ?? 0, count: 32)
    }

    private static let list = [
        SampleEvent(time: "2021-06-01T12:00:00Z"), SampleEvent(time: "2021-06-01T12:00:00Z"),
        SampleEvent(time: "2021-07-01T12:00:00Z", type: "fire", attributes: #"{"b": 2, "a": 1}"#),
    ]

    private static func events(_ dataset: Slug) async throws -> [String] {
        try await withConnection { connection in
            try await connection.query(
                """
                SELECT to_char(event_timestamp AT TIME ZONE 'UTC', 'MM-DD ') || event_type FROM events
                WHERE dataset = $1 ORDER BY 1
                """, [dataset]
            ).map { try $0.get(0) }
        }
    }

    @Test func aListThatGrowsBringsItsNewRowsInAnyOrder() async throws {
        _ = try await Dataset.stored("grows")
        let first = try await Self.ingest(Self.list, into: "grows", content: "a")
        #expect(first.counts.received == 3)
        #expect(first.counts.accepted == 3)
        #expect(first.counts.duplicate == 0)
        // The same members of the attributes in another order, a third twin, and a row of another month.
        var grown: [SampleEvent] = Self.list.reversed() + [Self.list[0], SampleEvent(time: "2019-01-01T00:00:00Z")]
        grown[0].attributes = #"{"a":1,"b":2}"#
        let second = try await Self.ingest(grown, into: "grows", content: "b")
        #expect(second.counts.received == 5)
        #expect(second.counts.accepted == 2)
        #expect(second.counts.duplicate == 3)
        #expect(
            try await Self.events("grows") == [
                "01-01 theft", "06-01 theft", "06-01 theft", "06-01 theft", "07-01 fire",
            ])
        // Fewer rows take nothing away.
        let third = try await Self.ingest([Self.list[0]], into: "grows", content: "c")
        #expect(third.counts.accepted == 0)
        #expect(third.counts.duplicate == 1)
        #expect(try await Self.events("grows").count == 5)
    }

    @Test(arguments: [
        SampleEvent(time: "2021-06-01T12:00:00.5Z"), SampleEvent(longitude: -79.380_000_1),
        SampleEvent(latitude: 43.66),
        SampleEvent(type: "Theft"), SampleEvent(attributes: #"{"a": 1}"#),
    ])
    func anotherFieldMakesAnotherRow(_ other: SampleEvent) async throws {
        let name =
            "field-\(other.longitude == -79.38)-\(other.latitude == 43.65)-\(other.type == "theft")"
            + "-\(other.attributes.count)"
        let dataset = try #require(Slug(name))
        _ = try await Dataset.stored(dataset)
        _ = try await Self.ingest([SampleEvent()], into: dataset, content: "a")
        let outcome = try await Self.ingest([SampleEvent(), other], into: dataset, content: "b")
        #expect(outcome.counts.accepted == 1)
        #expect(outcome.counts.duplicate == 1)
    }

    @Test func rowsThatWereKnownByTheirFileAreKnownByTheirContent() async throws {
        _ = try await Dataset.stored("changed-rule")
        _ = try await Self.ingest(Self.list, into: "changed-rule", content: "a", identity: .file)
        let outcome = try await Self.ingest(
            Self.list + [SampleEvent(time: "2021-08-01T12:00:00Z")], into: "changed-rule", content: "b")
        #expect(outcome.counts.accepted == 1)
        #expect(outcome.counts.duplicate == 3)
        #expect(outcome.warnings.isEmpty)
    }

    @Test func anIdComesFirstAndRowsWithOneAreNotCompared() async throws {
        _ = try await Dataset.stored("both")
        let events = [SampleEvent(id: "x"), SampleEvent()]
        let first = try await Self.ingest(events, into: "both", content: "a")
        #expect(first.counts.accepted == 2)
        let second = try await Self.ingest(
            [SampleEvent(), SampleEvent(type: "fire", id: "x"), SampleEvent()], into: "both", content: "b")
        #expect(second.counts.accepted == 2)
        #expect(second.counts.duplicate == 1)
        #expect(try await Self.events("both") == ["06-01 fire", "06-01 theft", "06-01 theft"])
    }

    @Test func datasetsDoNotKnowEachOther() async throws {
        _ = try await Dataset.stored("content-one")
        _ = try await Dataset.stored("content-two")
        _ = try await Self.ingest(Self.list, into: "content-one", content: "a")
        #expect(try await Self.ingest(Self.list, into: "content-two", content: "a").counts.accepted == 3)
    }

    @Test func deadLettersOfAGrowingListAreKeptOnce() async throws {
        _ = try await Dataset.stored("letters-once")
        func letter(_ row: Int64, _ raw: String) -> DeadLetter {
            DeadLetter(rowNumber: row, lineNumber: row + 1, raw: raw, reasonCode: "bad_number", detail: "no number")
        }
        let first = try await Self.ingest(
            [SampleEvent()], into: "letters-once", content: "a", letters: [letter(2, "x"), letter(3, "x")])
        let second = try await Self.ingest(
            [SampleEvent()], into: "letters-once", content: "b",
            letters: [letter(2, "y"), letter(3, "x"), letter(4, "x"), letter(5, "x")])
        #expect(first.counts.rejected == 2)
        #expect(second.counts.rejected == 4)
        #expect(second.counts.deadLettersOmitted == 0)
        let kept = "SELECT string_agg(raw, '' ORDER BY raw) FROM dead_letters WHERE batch = $1"
        #expect(try await value(kept, [first.batch]) == "xx")
        #expect(try await value(kept, [second.batch]) == "xy")
    }

    @Test func onlyDaysWithNewRowsChange() async throws {
        _ = try await Dataset.stored("quiet-days")
        _ = try await Self.ingest(Self.list, into: "quiet-days", content: "a")
        let versions = "SELECT string_agg(version::text, ' ' ORDER BY day) FROM event_days WHERE dataset = 'quiet-days'"
        let before: String = try await value(versions)
        _ = try await Self.ingest(Self.list.reversed(), into: "quiet-days", content: "b")
        #expect(try await value(versions) == before)
    }
}
