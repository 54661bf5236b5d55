import Domain
import TestDatabase
import TestDomain
import TestStorage
import Testing

@testable import Storage

/// Dead letters that become events, as the store keeps them.
@Suite(migratedDatabase())
struct RemediationTests {
    private static func letter(_ row: Int64, raw: String = "x") -> DeadLetter {
        DeadLetter(rowNumber: row, lineNumber: row + 1, raw: raw, reasonCode: "bad_number", detail: "no number")
    }

    /// Remediates the batch; `events` gives the events of each letter, possibly none.
    private static func remediate(
        _ batch: Int64, _ events: @escaping @Sendable (DeadLetter) -> [SampleEvent]
    ) async throws -> Remediation {
        try await IngestStore.ofTheSuite().remediate(batch: batch, reason: nil) { page in
            var chunk = EventChunk()
            var read: [Int64] = []
            for stored in page.letters {
                let found = events(stored.letter)
                guard !found.isEmpty else { continue }
                read.append(stored.id)
                for event in found { chunk.append(EventChunk([event], firstRow: stored.letter.rowNumber)) }
            }
            return (chunk, read)
        }
    }

    private static func batch(_ id: Int64) async throws -> IngestBatch {
        try await withConnection { connection in
            try #require(try await IngestRecords(connection, sql: Checkout.sql()).batch(id))
        }
    }

    @Test func aLetterThatStandsForManyEventsKeepsTheCountsTrue() async throws {
        _ = try await Dataset.stored("many-of-one")
        let batch = try await IngestStore.ofTheSuite().ingest(
            [EventChunk([SampleEvent()], deadLetters: [Self.letter(2), Self.letter(3)])], into: "many-of-one",
            content: "a"
        ).batch
        let done = try await Self.remediate(batch) { letter in
            letter.rowNumber == 2 ? [SampleEvent](repeating: SampleEvent(type: "fire"), count: 5) : []
        }
        #expect(done.examined == 2)
        #expect(done.remediated == 1)
        #expect(done.accepted == 5)
        let kept = try await Self.batch(batch)
        #expect(kept.counts.received == 7)
        #expect(kept.counts.accepted == 6)
        #expect(kept.counts.duplicate == 0)
        #expect(kept.counts.rejected == 1)
        #expect(try await value("SELECT count(*) FROM events WHERE batch = \(batch) AND row_number = 2") == 5)
    }

    @Test func whatTheSameFileSentAgainMadeAnEventIsNoSecondOne() async throws {
        _ = try await Dataset.stored("sent-again")
        let store = try IngestStore.ofTheSuite()
        let first = try await store.ingest(
            [EventChunk([SampleEvent()], deadLetters: [Self.letter(2)])], into: "sent-again", content: "a")
        // The same bytes with a better mapping.
        let second = try await store.ingest(
            [EventChunk([SampleEvent(), SampleEvent(type: "fire")])], into: "sent-again", content: "a")
        #expect(second.counts.accepted == 1)
        #expect(second.counts.duplicate == 1)
        let done = try await Self.remediate(first.batch) { _ in [SampleEvent(type: "fire")] }
        #expect(done.remediated == 1)
        #expect(done.accepted == 0)
        let kept = try await Self.batch(first.batch)
        #expect(kept.counts.received == 2)
        #expect(kept.counts.accepted == 1)
        #expect(kept.counts.duplicate == 1)
        #expect(kept.counts.rejected == 0)
        #expect(try await value("SELECT count(*) FROM events WHERE dataset = 'sent-again'") == 2)
    }

    @Test(arguments: ["a later batch", "a later row"])
    func aLetterDoesNotReplaceANewerVersionOfItsEvent(_ newer: String) async throws {
        let dataset = try #require(Slug(newer.replacing(" ", with: "-")))
        _ = try await Dataset.stored(dataset)
        let store = try IngestStore.ofTheSuite()
        let good = SampleEvent(type: "newer", id: "x")
        var first = EventChunk([SampleEvent(id: "y")], deadLetters: [Self.letter(2)])
        if newer == "a later row" { first.append(EventChunk([good], firstRow: 3)) }
        let batch = try await store.ingest([first], into: dataset, content: "a").batch
        if newer == "a later batch" { try await store.ingest([EventChunk([good])], into: dataset, content: "b") }
        let done = try await Self.remediate(batch) { _ in [SampleEvent(type: "older", id: "x")] }
        #expect(done.remediated == 1)
        #expect(done.accepted == 0)
        let type: String = try await value(
            "SELECT event_type FROM events WHERE dataset = $1 AND event_id = 'x'", [dataset])
        #expect(type == "newer")
    }

    @Test func aPageOfLettersIsBoundedByTheirTextsAndPagesJoinToTheWhole() async throws {
        _ = try await Dataset.stored("long")
        var chunk = EventChunk()
        // Nine MiB where a page has eight; one letter alone is never larger, since a record has one MiB at most.
        chunk.deadLetters = (1...9).map { Self.letter($0, raw: String(repeating: "x", count: 1 << 20)) }
        chunk.deadLetters.append(Self.letter(10))
        let batch = try await IngestStore.ofTheSuite().ingest([chunk], into: "long", content: "a").batch
        try await withConnection { connection in
            let records = IngestRecords(connection, sql: try Checkout.sql())
            var query = DeadLetterQuery(batch: batch)
            var rows: [[Int64]] = []
            var page = PageRequest<StoredDeadLetter>(limit: 1000)
            repeat {
                let found = try await records.deadLetters(query, page)
                rows.append(found.rows.map(\.letter.rowNumber))
                page.after = found.next
            } while page.after != nil
            #expect(rows == [Array(1...8), [9, 10]])
            page = PageRequest(limit: 8)
            #expect(try await records.deadLetters(query, page).next != nil)
            query.reason = "another"
            #expect(try await records.deadLetters(query, page).next == nil)
        }
    }

    @Test func recordsThatAMappingLeavesOutAreCountedInTheBatch() async throws {
        _ = try await Dataset.stored("left-out")
        var chunk = EventChunk([SampleEvent()])
        chunk.filtered = 3
        var rest = EventChunk()
        rest.filtered = 4
        let outcome = try await IngestStore.ofTheSuite().ingest([chunk, rest], into: "left-out", content: "a")
        let kept = try await Self.batch(outcome.batch)
        #expect(kept.counts.filtered == 7)
        #expect(kept.counts.received == 1)
    }
}
