import Domain
import Foundation
import Testing

@testable import Feeds

@Suite struct IngestPipelineTests {
    private static let header = "event_type,event_timestamp,longitude,latitude,attributes_json\n"

    private static func rows(_ numbers: Range<Int>) -> String {
        numbers.map { $0 % 7 == 0 ? "bad\n" : "t\($0),2021-03-04T05:06:07Z,-79.4,43.7,{}\n" }.joined()
    }

    @Test func everyRecordOfALongFileArrivesOnceAndInOrder() async throws {
        let outcome = try await ingest(Self.header + Self.rows(1..<50_001), by: try BuiltIn.mapping("canonical"))
        let bad = (1...50_000).filter { $0 % 7 == 0 }
        #expect(outcome.counts.received == 50_000)
        #expect(outcome.counts.rejects?.byReason == ["wrong_column_count": bad.count])
        #expect(outcome.counts.accepted + outcome.counts.rejected == outcome.counts.received)
        #expect(await outcome.sink.rows.map(\.rowNumber) == (1...50_000).filter { $0 % 7 != 0 }.map(Int64.init))
        #expect(await outcome.sink.rows.allSatisfy { $0.eventType == "t\($0.rowNumber)" })
        #expect(await outcome.sink.deadLetters.map(\.lineNumber) == bad.map { Int64($0 + 1) })
        #expect(await outcome.sink.chunkSizes.allSatisfy { $0 <= 10_000 })
    }

    /// Rows are numbered by the records before them, which other threads decode. Each event of a record has the
    /// record's number.
    @Test func recordsForManyEventsKeepTheirOrderAndNumbers() async throws {
        let mapping = try Mapping(
            yaml: """
                event_type: {constant: outage}
                time: {column: at, patterns: [iso8601]}
                coordinates: {longitude: lon, latitude: lat}
                count: {column: n}
                """, file: "counted.yaml")
        let counts = (0..<30_000).map { $0 % 5000 == 7 ? 9_999 : $0 % 3 }
        let text = "at,lon,lat,n\n" + counts.map { "2021-03-04T05:06:07Z,\($0),43.7,\($0)\n" }.joined()
        let outcome = try await ingest(
            text.replacing("Z,9999,", with: "Z,9,"), by: mapping)
        let expected = counts.enumerated().flatMap { [Int64](repeating: Int64($0 + 1), count: $1) }
        #expect(outcome.counts.accepted == expected.count)
        #expect(outcome.counts.filtered == counts.count { $0 == 0 })
        #expect(await outcome.sink.rows.map(\.rowNumber) == expected)
        #expect(await outcome.sink.chunkSizes.allSatisfy { $0 < 20_000 })
    }

    @Test func longRecordsMakeSmallChunks() async throws {
        let value = String(repeating: "x", count: 500_000)
        let long = "t,2021-03-04T05:06:07Z,-79.4,43.7,\"{\"\"a\"\":\"\"\(value)\"\"}\"\n"
        let text = Self.header + String(repeating: long, count: 20)
        let outcome = try await ingest(text, by: try BuiltIn.mapping("canonical"))
        #expect(outcome.counts.accepted == 20)
        #expect(await outcome.sink.chunkSizes.allSatisfy { $0 <= 9 })
    }

    @Test func progressEndsWithTheWholeFile() async throws {
        let reports = Reports()
        let text = Self.header + Self.rows(1..<1001)
        try await withFile(Array(text.utf8)) { file in
            _ = try await IngestPipeline(mapping: try BuiltIn.mapping("canonical"), defaultZone: "UTC")
                .ingest(file, into: CollectingSink()) { reports.add($0) }
        }
        let size = Int64(text.utf8.count)
        #expect(reports.all.last == IngestProgress(bytesRead: size, bytesTotal: size, received: 1000))
    }

    @Test func anErrorOfTheSinkEndsTheIngest() async throws {
        let sink = FailingSink()
        await #expect(throws: FailingSink.Failure.self) {
            try await withFile(Array((Self.header + Self.rows(1..<100_000)).utf8)) { file in
                try await IngestPipeline(mapping: try BuiltIn.mapping("canonical"), defaultZone: "UTC")
                    .ingest(file, into: sink)
            }
        }
        #expect(await sink.calls == 2)
    }

    @Test func anUnknownZoneOfTheDatasetIsAnError() throws {
        #expect(throws: FeedError.self) {
            try IngestPipeline(mapping: try BuiltIn.mapping("canonical"), defaultZone: "Mars/Olympus")
        }
    }
}

/// The reports that `progress` received.
private final class Reports: @unchecked Sendable {
    // Every access to `reports` holds the lock.
    private let lock = NSLock()
    private var reports: [IngestProgress] = []

    var all: [IngestProgress] { lock.withLock { reports } }

    func add(_ report: IngestProgress) { lock.withLock { reports.append(report) } }
}

private actor FailingSink: EventSink {
    struct Failure: Error {}

    private(set) var calls = 0

    func end(_ content: ContentDigest, warnings: [String]) {}

    func write(_ chunk: EventChunk) throws {
        calls += 1
        if calls == 2 { throw Failure() }
    }
}
