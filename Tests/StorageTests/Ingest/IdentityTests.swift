import Domain
import Postgres
import TestDatabase
import TestDomain
import TestStorage
import Testing

@testable import Storage

/// Rows with ids of their source.
@Suite(migratedDatabase())
struct IdentityTests {
    private struct Stored: Equatable {
        var id: String
        var type: String
        var longitude: Double
    }

    private static func events(_ dataset: Slug) async throws -> [Stored] {
        try await withConnection { connection in
            try await connection.query(
                "SELECT event_id, event_type, ST_X(geom) FROM events WHERE dataset = $1 ORDER BY event_id", [dataset]
            ).map { Stored(id: try $0.get(0), type: try $0.get(1), longitude: try $0.get(2)) }
        }
    }

    @Test func whatIsStoredAlreadyIsADuplicateWhateverTheFile() async throws {
        _ = try await Dataset.stored("same")
        let store = try IngestStore.ofTheSuite()
        let events = [SampleEvent(id: "x", attributes: #"{"a": 1, "b": 2}"#), SampleEvent(id: "y")]
        #expect(try await store.ingest([EventChunk(events)], into: "same", content: "a").counts.accepted == 2)
        // The attributes are the same JSON in another order.
        let again = [SampleEvent(id: "y"), SampleEvent(id: "x", attributes: #"{"b": 2,   "a": 1}"#)]
        let second = try await store.ingest([EventChunk(again)], into: "same", content: "b")
        #expect(second.counts.received == 2)
        #expect(second.counts.accepted == 0)
        #expect(second.counts.duplicate == 2)
        #expect(try await Self.events("same").count == 2)
    }

    @Test(arguments: [
        SampleEvent(time: "2021-06-01T12:00:01Z", id: "x"), SampleEvent(time: "2015-01-01T00:00:00Z", id: "x"),
        SampleEvent(longitude: -79.5, id: "x"), SampleEvent(type: "assault", id: "x"),
        SampleEvent(id: "x", attributes: #"{"corrected": true}"#),
    ])
    func aNewerVersionReplacesTheOlder(_ newer: SampleEvent) async throws {
        let dataset: Slug =
            "newer-\(newer.instant.seconds)-\(abs(newer.longitude) == 79.5)-\(newer.type)-\(newer.attributes.count)"
        _ = try await Dataset.stored(dataset)
        let store = try IngestStore.ofTheSuite()
        try await store.ingest([EventChunk([SampleEvent(id: "x"), SampleEvent(id: "y")])], into: dataset, content: "a")
        let outcome = try await store.ingest([EventChunk([newer])], into: dataset, content: "b")
        #expect(outcome.counts.accepted == 1)
        #expect(outcome.counts.duplicate == 0)
        let stored = try await Self.events(dataset)
        #expect(
            stored == [
                Stored(id: "x", type: newer.type, longitude: newer.longitude),
                Stored(id: "y", type: "theft", longitude: -79.38),
            ])
        let batch = "SELECT batch FROM events WHERE dataset = $1 AND event_id = 'x'"
        #expect(try await value(batch, [dataset]) == outcome.batch)
        // The newest version can be replaced again.
        let third = SampleEvent(longitude: 1, id: "x")
        #expect(try await store.ingest([EventChunk([third])], into: dataset, content: "c").counts.accepted == 1)
        #expect(try await Self.events(dataset).map(\.longitude) == [1, -79.38])
    }

    @Test func theLastRowOfAnIdInAFileCounts() async throws {
        _ = try await Dataset.stored("latest")
        let outcome = try await IngestStore.ofTheSuite().ingest(
            [
                EventChunk([SampleEvent(type: "first", id: "x"), SampleEvent(type: "only", id: "y")]),
                EventChunk([SampleEvent(type: "second", id: "x"), SampleEvent(type: "third", id: "x")], firstRow: 3),
            ], into: "latest", content: "a")
        #expect(outcome.counts.received == 4)
        #expect(outcome.counts.accepted == 2)
        #expect(outcome.counts.duplicate == 2)
        #expect(try await Self.events("latest").map(\.type) == ["third", "only"])
    }

    @Test func rowsWithAndWithoutIdsMix() async throws {
        _ = try await Dataset.stored("mixed")
        let store = try IngestStore.ofTheSuite()
        let letter = DeadLetter(rowNumber: 4, lineNumber: 5, raw: "x", reasonCode: "bad_time", detail: "no time")
        let chunk = EventChunk(
            [SampleEvent(), SampleEvent(id: "x"), SampleEvent(longitude: 3)], deadLetters: [letter])
        let first = try await store.ingest([chunk], into: "mixed", content: "a")
        #expect(first.counts.received == 4)
        #expect(first.counts.accepted == 3)
        #expect(first.counts.duplicate == 0)
        #expect(first.counts.rejected == 1)
        let second = try await store.ingest([chunk], into: "mixed", content: "a")
        #expect(second.counts.received == 4)
        #expect(second.counts.accepted == 0)
        #expect(second.counts.duplicate == 3)
        #expect(second.counts.rejected == 1)
        #expect(try await value("SELECT count(*) FROM events WHERE dataset = 'mixed'", as: Int.self) == 3)
    }

    @Test func idsOfOneDatasetAreNotThoseOfAnother() async throws {
        _ = try await Dataset.stored("ids-one")
        _ = try await Dataset.stored("ids-two")
        let store = try IngestStore.ofTheSuite()
        try await store.ingest([EventChunk([SampleEvent(id: "x")])], into: "ids-one", content: "a")
        let other = try await store.ingest(
            [EventChunk([SampleEvent(type: "fire", id: "x")])], into: "ids-two", content: "b")
        #expect(other.counts.accepted == 1)
        #expect(try await Self.events("ids-one").map(\.type) == ["theft"])
    }
}
