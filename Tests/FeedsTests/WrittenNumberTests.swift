import Testing

@testable import Feeds

/// Numbers and blanks as people write them, from the file to the event.
@Suite struct WrittenNumberTests {
    private static func mapping(_ time: String = "column: t", _ more: String = "") throws -> Mapping {
        try Mapping(
            yaml: """
                event_type: {column: type}
                time: {\(time)}
                coordinates: {longitude: lon, latitude: lat}
                \(more)
                """, file: "test.yaml")
    }

    @Test func blanksOfUnicodeAreTrimmedInHeadersAndValuesAlike() async throws {
        let text =
            "type\u{A0},t,\u{A0}lon,lat\u{200B}\ntheft\u{A0},2021-03-04\u{A0}05:06,\u{A0}-79.5,43.5\u{2009}\n"
            + "\u{3000}theft,\u{202F}2021-03-04T05:06Z\u{A0},-79.5\u{200B},\u{FEFF}43.5\n"
            + "\"theft\",2021-03-04,-79.5,\"\t43.5 \"\n"
        let outcome = try await ingest(text, by: try Self.mapping())
        #expect(await outcome.sink.rows.map(\.eventType) == ["theft", "theft", "theft"])
        #expect(await outcome.sink.rows.map(\.longitude) == [-79.5, -79.5, -79.5])
        #expect(await outcome.sink.rows.map(\.latitude) == [43.5, 43.5, 43.5])
        #expect(
            await outcome.sink.rows.map(\.timestamp) == [
                1_614_834_360_000_000, 1_614_834_360_000_000, 1_614_816_000_000_000,
            ])
    }

    @Test func blanksWithinAValueAndLineEndsStay() async throws {
        let text = "type,t,lon,lat\nbreak\u{A0}in,2021-03-04,1,2\n\"\u{A0}theft\n\",2021-03-04,1,2\n"
        #expect(
            await (try ingest(text, by: Self.mapping())).sink.rows.map(\.eventType) == ["break\u{A0}in", "theft\n"])
    }

    @Test func minusSignsOfUnicodeAreMinusSigns() async throws {
        let text = "type,t,lon,lat\na,2021-03-04,\u{2212}79.5,43.5\na,2021-03-04,\u{2013}79.5,\u{2212}43.5\n"
        let outcome = try await ingest(text, by: try Self.mapping())
        #expect(await outcome.sink.rows.map(\.longitude) == [-79.5, -79.5])
        #expect(await outcome.sink.rows.map(\.latitude) == [43.5, -43.5])
    }

    /// The hours are local: 13:00 in Toronto was 18:00 UTC.
    @Test func wholeNumbersMayBeWrittenAsFractions() async throws {
        let text = """
            type,t,h,lon,lat,n
            a,2021-03-04,13.0,1,2,2.0
            a,2021-03-04,,1,2,1.0
            a,2021-03-05,0.0,1,2,1e0
            a,2021-03-05,1,1,2,1.5
            a,2021-03-05,1.5,1,2,1

            """
        let outcome = try await ingest(
            text, by: try Self.mapping("column: t, hour_column: h, zone: America/Toronto", "count: {column: n}"))
        #expect(
            await outcome.sink.rows.map(\.timestamp) == [
                1_614_880_800_000_000, 1_614_880_800_000_000, 1_614_920_400_000_000,
            ])
        #expect(await outcome.sink.rejections == ["3 missing_value", "5 bad_count", "6 bad_number"])
    }

    @Test(arguments: [
        ("epoch_milliseconds", "1.6094592E12"), ("epoch_seconds", "1.6094592e9"), ("epoch_seconds", "1609459200.0"),
        ("epoch_milliseconds", "1609459200000.0"), ("epoch_microseconds", "1609459200000000"),
        ("epoch_nanoseconds", "1609459200000000999"), ("excel_1900", "44197"), ("excel_1904", "42735.0"),
    ])
    func timesThatAreNumbersMayBeWrittenInAnyWay(_ pattern: String, _ text: String) async throws {
        let outcome = try await ingest(
            "type,t,lon,lat\na,\(text),1,2\n", by: try Self.mapping("column: t, patterns: [\(pattern)]"))
        #expect(await outcome.sink.rows.map(\.timestamp) == [1_609_459_200_000_000])
    }

    @Test func aSerialDayMayHaveADecimalComma() async throws {
        let outcome = try await ingest(
            "type;t;lon;lat\na;44205,75;1;2\n", by: try Self.mapping("column: t, patterns: [excel_1900]"))
        #expect(await outcome.sink.rows.map(\.timestamp) == [1_610_215_200_000_000])
    }

    /// The State Plane coordinates are a request of New York's 311 service, as it publishes them in degrees as well.
    @Test(arguments: [
        ("\"1,006,307\",\"169,492\"", ""), ("\"1,006,307.0\",169492", ""), ("1006307,169492", ""),
        ("\"1 006 307\",\"169\u{A0}492\"", ""), ("1'006'307,169'492", "thousands: apostrophe"),
        ("\"1,006,307\",\"169,492\"", "thousands: comma"),
    ])
    func projectedCoordinatesMayHaveThousands(_ point: String, _ more: String) async throws {
        let mapping = try Mapping(
            yaml: """
                event_type: {constant: a}
                time: {column: t}
                coordinates: {x: x, y: y, crs: "EPSG:2263"}
                \(more)
                """, file: "test.yaml")
        let outcome = try await ingest("t,x,y\n2021-03-04,\(point)\n", by: mapping)
        let row = try #require(await outcome.sink.rows.first)
        #expect(abs(row.longitude + 73.92053369143751) < 0.00002)
        #expect(abs(row.latitude - 40.63186547963468) < 0.00002)
    }

    @Test(arguments: [
        ("thousands: dot", "thousands: \"dot\" is not one of comma, point, space, apostrophe"),
        ("thousands: comma\ndecimal: comma", "thousands: cannot be comma, which is the decimal sign"),
    ])
    func aSeparatorWithoutAMeaningIsRefused(_ key: String, _ problem: String) {
        let error = #expect(throws: FeedError.self) { try Self.mapping("column: t", key) }
        #expect(error?.line == 4)
        #expect(error?.problem == problem)
    }
}
