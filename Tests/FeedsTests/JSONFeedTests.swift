import Domain
import Testing

@testable import Feeds

@Suite struct JSONFeedTests {
    private static func mapping(_ more: String = "") throws -> Mapping {
        try Mapping(
            yaml: """
                event_type: {column: kind}
                event_id: {column: id, optional: true}
                time: {column: when, patterns: [iso8601, epoch_seconds]}
                coordinates: {longitude: at.lon, latitude: at.lat}
                attributes: {columns: [note, tags]}
                \(more)
                """, file: "test.yaml")
    }

    private static let objects = [
        #"{"kind":"fire","when":"2021-03-04T05:06:07Z","at":{"lon":-79.4,"lat":"43.7"},"#
            + #""note":"caf\u00e9 \"}\n","tags":[1, {"a":2}]}"#,
        #"{"at":{"lat":1,"lon":2},"id":7,"tags":null,"when":1614834367,"kind":"\ud83d\ude00","more":{"at":[9]}}"#,
        #"{"kind":"fire","when":"2021-03-04T05:06:07Z","at":null}"#,
    ]

    private func check(_ outcome: Outcome) async {
        let rows = await outcome.sink.rows
        #expect(rows.map(\.eventType) == ["fire", "\u{1F600}"])
        #expect(rows.map(\.timestamp) == [1_614_834_367_000_000, 1_614_834_367_000_000])
        #expect(rows.map(\.longitude) == [-79.4, 2])
        #expect(rows.map(\.eventID) == ["", "7"])
        #expect(rows.map(\.attributes) == [#"{"note":"café \"}\n","tags":"[1, {\"a\":2}]"}"#, "{}"])
        #expect(await outcome.sink.deadLetters.map(\.reasonCode) == ["missing_value"])
        #expect(await outcome.sink.deadLetters.map(\.raw) == [Self.objects[2].replacing("\\x", with: "\\x5Cx")])
    }

    @Test(arguments: ["\n", "\r\n", "\n\n  \n"])
    func oneObjectALineIsARecord(_ lineEnd: String) async throws {
        let outcome = try await ingest(Self.objects.joined(separator: lineEnd), by: try Self.mapping())
        await check(outcome)
    }

    @Test(arguments: [("[", "]"), ("\u{FEFF} [\n", "\n]\n"), (#"{"features": ["#, #"], "type": "FeatureCollection"}"#)])
    func anArrayOfObjectsIsReadWhereverItStands(_ open: String, _ close: String) async throws {
        await check(try await ingest(open + Self.objects.joined(separator: " ,\n ") + close, by: try Self.mapping()))
    }

    @Test func brokenLinesAreDeadLettersAmongGoodOnes() async throws {
        let lines = [Self.objects[0], #"{"kind":"fire","#, "[1]", "{}}", Self.objects[1]]
        let outcome = try await ingest(lines.map { $0 + "\n" }.joined(), by: try Self.mapping())
        #expect(await outcome.sink.rejections == ["2 bad_json", "3 bad_json", "4 bad_json"])
        #expect(await outcome.sink.rows.map(\.rowNumber) == [1, 5])
    }

    @Test func anArrayThatIsCutShortSaysSo() async throws {
        for text in ["[\n\(Self.objects[0])", "[\n\(Self.objects[0]),\n{\"kind\": \"a"] {
            let outcome = try await ingest(text, by: try Self.mapping())
            #expect(outcome.counts.accepted == 1)
            #expect(outcome.counts.rejects?.byReason == ["truncated": 1])
        }
    }

    @Test func anEmptyArrayIsAFinishedFileOfZeroRows() async throws {
        #expect(try await ingest("[ ]", by: try Self.mapping()).counts == IngestCounts())
        #expect(
            try await ingest(#"{"type":"FeatureCollection","features":[]}"#, by: try Self.mapping()).counts
                == IngestCounts())
    }

    @Test func anObjectWithoutAnArrayIsARecord() async throws {
        let error = await #expect(throws: FeedError.self) {
            try await ingest(#"{"a": [1]}"#, by: try Self.mapping("format: json"))
        }
        #expect(error?.problem.contains("The columns are: a, a.0") == true, "\(String(describing: error))")
        let outcome = try await ingest(Self.objects[0], by: try Self.mapping("format: json"))
        #expect(outcome.counts.accepted == 1)
    }

    @Test func objectsWithNoneOfTheColumnsAreRefusedBeforeAnythingIsWritten() async throws {
        let error = await #expect(throws: FeedError.self) {
            try await ingest(#"{"a": 1, "b": {"c": 2}}"#, by: try Self.mapping())
        }
        #expect(error?.code == .header)
        #expect(error?.problem.contains("a, b, b.c") == true, "\(String(describing: error))")
    }

    @Test func recordsBeyondTheLimitArePassedOver() async throws {
        let long = #"{"kind":"fire","note":""# + String(repeating: "]},", count: 1_500_000) + "\"}"
        for (open, separator, close) in [("[", ",\n", "]"), ("", "\n", "")] {
            let text = open + [Self.objects[0], long, Self.objects[1]].joined(separator: separator) + close
            let outcome = try await ingest(text, by: try Self.mapping())
            #expect(await outcome.sink.rejections == ["2 record_too_long"])
            #expect(await outcome.sink.rows.count == 2)
        }
    }

    @Test func manyRecordsAreTheSameInAnyLayout() async throws {
        let objects = (0..<30_000).map {
            #"{"kind":"k\#($0)","when":\#($0),"at":{"lon":1,"lat":\#(Double($0) / 1000)}}"#
        }
        for (open, separator, close) in [("[", ",", "]"), ("", "\n", "\n")] {
            let text = open + objects.joined(separator: separator) + close
            let outcome = try await ingest(text, by: try Self.mapping())
            #expect(await outcome.sink.rows.map(\.eventType) == (0..<30_000).map { "k\($0)" })
            #expect(await outcome.sink.rows.map(\.timestamp) == (0..<30_000).map { Int64($0) * 1_000_000 })
        }
    }

    @Test func theUSGSFeedIsReadByItsMapping() async throws {
        let text = """
            {"type":"FeatureCollection","metadata":{"features":3,"title":"All [week]"},"features":[{"type":"Feature",\
            "properties":{"mag":1.5,"place":"8 km N","time":1621395684690,"type":"earthquake","status":"automatic",\
            "magType":"md"},"geometry":{"type":"Point","coordinates":[-122.8378296,38.8101654,0.88]},\
            "id":"nc73564475"}]}
            """
        let outcome = try await ingest(text, by: try BuiltIn.mapping("usgs-geojson"))
        #expect(
            await outcome.sink.rows == [
                CollectingSink.Row(
                    rowNumber: 1, timestamp: 1_621_395_684_690_000, longitude: -122.8378296, latitude: 38.8101654,
                    eventType: "earthquake", eventID: "nc73564475",
                    attributes: #"{"mag":"1.5","magType":"md","place":"8 km N","status":"automatic"}"#)
            ])
    }
}
