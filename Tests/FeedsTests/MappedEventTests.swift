import Testing

@testable import Feeds

@Suite struct MappedEventTests {
    /// The clock readings are converted by hand: Toronto is 5 hours behind UTC, 4 from March 13 to November 6 2016.
    @Test(arguments: [
        ("2017/02/28 05:00:00+00", "11", 1_488_297_600),
        ("2016/08/20 04:00:00+00", "10", 1_471_701_600),
        ("2016/03/13 05:00:00+00", "2", 1_457_852_400),
        ("2016/03/13 05:00:00+00", "3", 1_457_852_400),
        ("2016/11/06 04:00:00+00", "1", 1_478_408_400),
        ("2016/11/06 04:00:00+00", "23", 1_478_491_200),
    ])
    func theTorontoFilesDayAndHourAreLocal(_ date: String, _ hour: String, _ seconds: Int) async throws {
        let outcome = try await ingest(
            #"""
            occurrencedate,occurrencehour,premises_type,MCI,Neighbourhood,Lat,Long
            \#(date),\#(hour),House,Break and Enter,"Yonge, ""North""",43.5,-79.25

            """#, by: try BuiltIn.mapping("toronto"))
        #expect(
            await outcome.sink.rows == [
                CollectingSink.Row(
                    rowNumber: 1, timestamp: Int64(seconds) * 1_000_000, longitude: -79.25, latitude: 43.5,
                    eventType: "Break and Enter", eventID: "",
                    attributes: #"{"premises_type":"House","neighbourhood":"Yonge, \"North\""}"#)
            ])
    }

    @Test func anHourThatIsNoneIsRejected() async throws {
        let rows = ["25", "", "x", "1.5"].map { "2017/02/28 05:00:00+00,\($0),House,Assault,A,43.5,-79.25\n" }.joined()
        let outcome = try await ingest(
            "occurrencedate,occurrencehour,premises_type,MCI,Neighbourhood,Lat,Long\n" + rows,
            by: try BuiltIn.mapping("toronto"))
        let reasons = ["2 impossible_date", "3 missing_value", "4 bad_number", "5 bad_number"]
        #expect(await outcome.sink.rejections == reasons)
    }

    private static func mapping(
        _ time: String, eventType: String = "{constant: fire}", more: String = ""
    ) throws -> Mapping {
        try Mapping(
            yaml: """
                event_type: \(eventType)
                time: {column: when, \(time)}
                coordinates: {longitude: x, latitude: y, allow_null_island: true}
                \(more)
                """, file: "test.yaml")
    }

    @Test(arguments: [
        ("patterns: [iso8601], zone: America/Toronto", "2021-07-01T12:00:00Z", 1_625_140_800),
        ("patterns: [iso8601], zone: America/Toronto", "2021-07-01T12:00:00", 1_625_155_200),
        ("offset: ignore, zone: America/Toronto", "2021-07-01T12:00:00Z", 1_625_155_200),
        ("offset: keep", "2021-07-01T12:00:00", 1_625_137_200),
        ("patterns: [M/d/yyyy, iso8601]", "2021-07-01T12:00:00Z", 1_625_140_800),
    ])
    func aTimeIsReadInTheZoneThatHolds(_ time: String, _ text: String, _ seconds: Int) async throws {
        let outcome = try await ingest("when,x,y\n\(text),0,0\n", by: try Self.mapping(time), zone: "Europe/London")
        #expect(await outcome.sink.rows.map(\.timestamp) == [Int64(seconds) * 1_000_000])
    }

    @Test func fractionsOfASecondBeforeTheEpochCountForward() async throws {
        let outcome = try await ingest("when,x,y\n1969-12-31T23:59:59.25Z,0,0\n", by: try Self.mapping("offset: keep"))
        #expect(await outcome.sink.rows.map(\.timestamp) == [-750_000])
    }

    @Test func aLookupNamesTheTypesAndRejectsOthers() async throws {
        let text = "when,x,y,kind\n2021-07-01,1,1,B\n2021-07-01,1,1,Z\n"
        let strict = "{column: kind, lookup: {A: assault, B: burglary}}"
        let first = try await ingest(text, by: try Self.mapping("offset: keep", eventType: strict))
        #expect(await first.sink.rows.map(\.eventType) == ["burglary"])
        #expect(await first.sink.rejections == ["3 unknown_event_type"])
        let open = "{column: kind, lookup: {B: burglary}, otherwise: other}"
        let second = try await ingest(text, by: try Self.mapping("offset: keep", eventType: open))
        #expect(await second.sink.rows.map(\.eventType) == ["burglary", "other"])
    }

    @Test func attributesLeaveOutBlanksAndTakeConstants() async throws {
        let more = """
            attributes:
              columns: {colour: c, "si\\"ze": s}
              constants: {source: feed}
            event_id: {column: id}
            """
        let outcome = try await ingest(
            "id,when,x,y,c,s\n a1 ,2021-07-01,1,1,red,  \n,2021-07-01,1,1,,9\n",
            by: try Self.mapping("offset: keep", more: more))
        let attributes = [#"{"colour":"red","source":"feed"}"#, #"{"si\"ze":"9","source":"feed"}"#]
        #expect(await outcome.sink.rows.map(\.attributes) == attributes)
        #expect(await outcome.sink.rows.map(\.eventID) == ["a1", ""])
    }

    @Test func withoutAttributesTheObjectIsEmpty() async throws {
        let outcome = try await ingest("when,x,y\n2021-07-01,1,1\n", by: try Self.mapping("offset: keep"))
        #expect(await outcome.sink.rows.map(\.attributes) == ["{}"])
    }
}
