import Domain
import Testing

@testable import Feeds

/// Years that are typing errors, and other doubts about a file.
@Suite struct UnlikelyTimesTests {
    private static func mapping(_ time: String) throws -> Mapping {
        try Mapping(
            yaml: """
                event_type: {column: type}
                time: {\(time)}
                coordinates: {longitude: x, latitude: y}
                """, file: "test.yaml")
    }

    private static let text =
        "type,d,x,y\na,2021-03-04,1,2\na,1015-05-17,1,2\na,2921-01-01,1,2\na,1026-10-23,1,x\na,1900-01-01,1,2\n"

    @Test func yearsThatAreHardlyRightAreTold() async throws {
        let outcome = try await ingest(Self.text, by: try Self.mapping("column: d"), zone: "Pacific/Auckland")
        let unlikely = outcome.notes.unlikelyTimes
        #expect(outcome.counts.accepted == 4, "they are stored all the same")
        #expect(unlikely.count == 2, "a rejected row is told otherwise")
        #expect(unlikely.firstLine == 3)
        #expect(unlikely.firstValue == "column \"d\": \"1015-05-17\"")
        #expect(unlikely.firstDay?.description == "1015-05-17")
        let sentence = try #require(outcome.notes.sentences.first)
        #expect(sentence.hasPrefix("2 rows have a year that is not 1900 to 20"))
        #expect(sentence.contains("first on line 3: column \"d\": \"1015-05-17\" is 1015-05-17"))
    }

    @Test(arguments: [
        ("column: d, plausible_years: [1000, 2999]", 0), ("column: d, plausible_years: [1000, 2100]", 1),
        ("column: d, years: [1000, 2999]", 0), ("column: d, plausible_years: [2000, 2021]", 3),
    ])
    func theMappingStatesWhatIsLikely(_ time: String, _ count: Int) async throws {
        let outcome = try await ingest(Self.text, by: try Self.mapping(time))
        #expect(outcome.notes.unlikelyTimes.count == count)
    }

    @Test func aConstantTimeIsMeant() async throws {
        let outcome = try await ingest(Self.text, by: try Self.mapping("constant: 1850-01-01"))
        #expect(outcome.notes.sentences == [])
    }

    @Test func partsOfATimeAreShownTogether() async throws {
        let outcome = try await ingest(
            "type,yr,mo,x,y\na,1015,5,1,2\n", by: try Self.mapping("year_column: yr, month_column: mo"))
        #expect(outcome.notes.unlikelyTimes.firstValue == "column \"yr\": \"1015\", column \"mo\": \"5\"")
    }

    /// Ten thousand records are more than one record batch; the first one counts.
    @Test func theFirstOfAllIsTold() async throws {
        let lines = (1...12_000).map { $0 % 4000 == 0 ? "a,1015-01-01,1,2\n" : "a,2021-01-01,1,2\n" }
        let outcome = try await ingest("type,d,x,y\n" + lines.joined(), by: try Self.mapping("column: d"))
        #expect(outcome.notes.unlikelyTimes.count == 3)
        #expect(outcome.notes.unlikelyTimes.firstLine == 4001)
    }

    @Test(arguments: [("", "cp1252"), ("encoding: cp1252", nil), ("encoding: latin-1", nil)] as [(String, String?)])
    func anEncodingThatWasGuessedIsTold(_ stated: String, _ guess: String?) async throws {
        let mapping = try Mapping(
            yaml: """
                event_type: {column: type}
                time: {column: d}
                coordinates: {longitude: x, latitude: y}
                \(stated)
                """, file: "test.yaml")
        // The first letter beyond ASCII comes after more than one block.
        let lines = String(repeating: "a,2021-01-01,1,2\n", count: 80_000)
        let bytes = Array(("type,d,x,y\n" + lines + "caf").utf8) + [0xE9] + Array(",2021-01-01,1,2\n".utf8)
        let outcome = try await ingest(bytes, by: mapping)
        #expect(outcome.notes.encodingGuess?.encoding.name == guess)
        #expect(outcome.notes.sentences.contains { $0.contains("cp1252") } == (guess != nil))
        #expect(await outcome.sink.rows.last?.eventType == "café")
    }

    /// The calendar is the Gregorian one for all days, as in PostgreSQL: 17 May 1015 stays the 17th.
    @Test(arguments: [
        (-30_125_174_400_000_000, "1015-05-17T00:00:00Z"), (-62_135_596_800_000_000, "0001-01-01T00:00:00Z"),
        (-12_219_379_200_000_000, "1582-10-14T00:00:00Z"), (1_614_834_367_999_999, "2021-03-04T05:06:07Z"),
        (-1, "1969-12-31T23:59:59Z"), (253_402_300_799_000_000, "9999-12-31T23:59:59Z"),
    ])
    func timesAreShownInTheGregorianCalendar(_ microseconds: Int64, _ text: String) {
        #expect(Instant(microseconds: microseconds).wholeSeconds.description == text)
    }
}
