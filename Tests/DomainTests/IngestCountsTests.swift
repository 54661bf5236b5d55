import Domain
import Testing

struct IngestCountsTests {
    private static func chunk(_ events: Int, rejected reasons: [String], filtered: Int = 0) -> EventChunk {
        var chunk = EventChunk()
        chunk.rowNumbers = Array(repeating: 1, count: events)
        chunk.deadLetters = reasons.map {
            DeadLetter(rowNumber: 1, lineNumber: 2, raw: "x", reasonCode: $0, detail: "d")
        }
        chunk.filtered = filtered
        return chunk
    }

    @Test func chunksAreAddedUp() {
        var counts = IngestCounts()
        counts.add(Self.chunk(3, rejected: ["empty_row", "bad_number"], filtered: 4))
        counts.add(Self.chunk(2, rejected: ["empty_row"]))
        #expect(counts.received == 8)
        #expect(counts.rejected == 3)
        #expect(counts.filtered == 4)
        #expect(counts.rejects == RejectCounts(["empty_row": 2, "bad_number": 1]))
        // The outcome of the events is not known yet.
        #expect(counts.accepted == 0)
        #expect(counts.duplicate == 0)
    }

    @Test func reasonsThatWereNeverCountedStayUnknown() {
        var counts = IngestCounts()
        counts.rejects = nil
        counts.add(Self.chunk(0, rejected: ["empty_row"]))
        #expect(counts.rejected == 1)
        #expect(counts.rejects == nil)
    }

    @Test func theMostFrequentReasonComesFirst() {
        #expect(RejectCounts(["a": 1, "c": 3, "b": 3]).summary == "3 b, 3 c, 1 a")
        #expect(RejectCounts().summary.isEmpty)
    }
}
