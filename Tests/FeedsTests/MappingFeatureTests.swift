import Domain
import Testing

@testable import Feeds

@Suite struct MappingFeatureTests {
    private static func mapping(
        time: String = "column: when", coordinates: String = "longitude: x, latitude: y", more: String = ""
    ) throws -> Mapping {
        try Mapping(
            yaml: """
                event_type: {constant: fire}
                time: {\(time)}
                coordinates: {\(coordinates)}
                \(more)
                """, file: "test.yaml")
    }

    @Test func aCountMakesSoManyEventsUnderTheNumberOfTheirRecordWithIdsOfTheirOwn() async throws {
        let text =
            "when,x,y,n,id\n2021-03-04,1,2,3,a\n2021-03-04,1,2,0,b\n2021-03-04,1,x,2,c\n2021-03-04,1,2,2,\n"
            + "2021-03-04,1,2,-1,d\n2021-03-04,1,2,10001,e\n"
        let outcome = try await ingest(text, by: try Self.mapping(more: "count: {column: n}\nevent_id: {column: id}"))
        #expect(await outcome.sink.rows.map(\.rowNumber) == [1, 1, 1, 4, 4])
        #expect(await outcome.sink.rows.map(\.eventID) == ["a", "a#2", "a#3", "", ""])
        #expect(await outcome.sink.deadLetters.map(\.rowNumber) == [3, 5, 6])
        #expect(await outcome.sink.rejections == ["4 bad_number", "6 bad_count", "7 bad_count"])
        #expect(outcome.counts.received == 8)
        #expect(outcome.counts.accepted == 5)
        #expect(outcome.counts.filtered == 1)
    }

    @Test(arguments: [("in: [a, b]", [1, 2]), ("not_in: [a, \"\"]", [2, 4])] as [(String, [Int64])])
    func filtersLeaveRecordsOutAndKeepTheNumbersOfTheOthers(_ rule: String, _ rows: [Int64]) async throws {
        let text = "when,x,y,kind\n2021-03-04,1,2,a\n2021-03-04,1,2, b \n2021-03-04,1,2,\n2021-03-04,1,2,c\n"
        let outcome = try await ingest(text, by: try Self.mapping(more: "filter: [{column: kind, \(rule)}]"))
        #expect(await outcome.sink.rows.map(\.rowNumber) == rows)
        #expect(outcome.counts.filtered == 2)
        #expect(outcome.counts.received == 2)
    }

    @Test func pointsOutsideTheBoundsAreRejected() async throws {
        let text = "when,x,y\n2021-03-04,1,2\n2021-03-04,5,2\n2021-03-04,1,9\n2021-03-04,0,0\n"
        let inside = try await ingest(
            text, by: try Self.mapping(coordinates: "longitude: x, latitude: y, bounds: [0.5, 1, 4, 8]"))
        #expect(await inside.sink.rejections == ["3 out_of_bounds", "4 out_of_bounds", "5 null_island"])
        let around = try await ingest(
            text, by: try Self.mapping(coordinates: "longitude: x, latitude: y, bounds: [170, -1, 2, 8]"))
        #expect(await around.sink.rejections == ["3 out_of_bounds", "4 out_of_bounds"])
    }

    @Test func yearsAreThoseOfLocalClocks() async throws {
        let text =
            "when,x,y\n2021-01-01T04:59:59Z,1,2\n2021-01-01T05:00:00Z,1,2\n"
            + "2022-01-01T04:59:59Z,1,2\n2022-01-01T05:00:00Z,1,2\n"
        let outcome = try await ingest(
            text, by: try Self.mapping(time: "column: when, zone: America/Toronto, years: [2021, 2021]"))
        #expect(await outcome.sink.rejections == ["2 year_out_of_window", "5 year_out_of_window"])
    }

    @Test(arguments: [("0035", 1_690_850_100), ("35", 1_690_850_100), ("23:59:30", 1_690_934_370)])
    func aClockColumnIsTheTimeOfTheDay(_ clock: String, _ seconds: Int) async throws {
        let text = "d,t,x,y\n2023-08-01,\(clock),1,2\n"
        let outcome = try await ingest(
            text, by: try Self.mapping(time: "column: d, clock_column: t, zone: UTC"), zone: "Asia/Tokyo")
        #expect(await outcome.sink.rows.map(\.timestamp) == [Int64(seconds) * 1_000_000])
    }

    @Test func aConstantTimeIsThatOfTheZone() async throws {
        let outcome = try await ingest(
            "x,y\n1,2\n", by: try Self.mapping(time: "constant: 2014-07-01, zone: Pacific/Auckland"))
        #expect(await outcome.sink.rows.map(\.timestamp) == [1_404_129_600_000_000])
    }

    @Test func allColumnsBecomeAttributesButThoseAboutPersons() async throws {
        let text =
            "when,x,y,Gender,Age range,Self-defined ethnicity,suspect_sex,ageGroup,page,stage,Outcome\n"
            + "2021-03-04,1,2,M,18-24,White,F,5,1,2,none\n"
        let all = try await ingest(text, by: try Self.mapping(more: "attributes: {columns: all, exclude: [stage]}"))
        #expect(await all.sink.rows.map(\.attributes) == [#"{"page":"1","Outcome":"none"}"#])
        let asked = try await ingest(
            text, by: try Self.mapping(more: "attributes: {columns: all, include: [age range], exclude: [page, stage]}")
        )
        #expect(await asked.sink.rows.map(\.attributes) == [#"{"Age range":"18-24","Outcome":"none"}"#])
    }

    /// New York's own pair of coordinates, from a request of its 311 service; the sphere's closed formula for 3857
    /// (Snyder 1987, 7-4); the origin of UTM zone 33; point TP01 of the Ordnance Survey's OSTN15 test data, which PROJ
    /// reaches to a few metres without the shift grid.
    @Test(arguments: [
        ("EPSG:2263", 1_006_307, 169_492, -73.92053369143751, 40.63186547963468, 0.00002),
        ("EPSG:3857", -8_837_000, 5_410_000, -79.38412165764211, 43.640654484124845, 1e-9),
        ("EPSG:32633", 500_000, 0, 15, 0, 1e-9),
        ("EPSG:27700", 91_492.146, 11_318.804, -6.29977752014, 49.92226393730, 0.0001),
    ])
    func projectedCoordinatesBecomeDegrees(
        _ crs: String, _ x: Double, _ y: Double, _ longitude: Double, _ latitude: Double, _ tolerance: Double
    ) async throws {
        let outcome = try await ingest(
            "when,x,y\n2021-03-04,\(x),\(y)\n2021-03-04,0,0\n",
            by: try Self.mapping(coordinates: "x: x, y: y, crs: \"\(crs)\""))
        let row = try #require(await outcome.sink.rows.first)
        #expect(abs(row.longitude - longitude) < tolerance, "\(row)")
        #expect(abs(row.latitude - latitude) < tolerance, "\(row)")
        #expect(await outcome.sink.rejections == ["3 null_island"])
    }

    @Test func coordinatesThatAreNoPlaceAreRejected() async throws {
        let outcome = try await ingest(
            "when,x,y\n2021-03-04,1e20,1e20\n", by: try Self.mapping(coordinates: "x: x, y: y, crs: \"EPSG:32633\""))
        #expect(await outcome.sink.rejections == ["2 not_projectable"])
    }

    @Test(arguments: ["", " ", "NA", "n/a", "#N/A", "null", "NULL", "None", "-", "--"])
    func aNumberOrTimeThatAWordSaysIsNotGivenIsMissing(_ word: String) async throws {
        let text =
            "when,x,y,h,n\n2021-03-04,\(word),2,3,1\n\(word),1,2,3,1\n2021-03-04,1,2,\(word),1\n"
            + "2021-03-04,1,2,3,\(word)\n2021-03-04,1,2,3,1\n"
        let outcome = try await ingest(
            text, by: try Self.mapping(time: "column: when, hour_column: h", more: "count: {column: n}"))
        #expect(outcome.counts.rejects?.byReason == ["missing_value": 4])
        #expect(outcome.counts.accepted == 1)
    }

    @Test(arguments: ["nan", "n", ".", "---", "0-", "nulls"])
    func anyOtherWordIsABadNumber(_ word: String) async throws {
        let outcome = try await ingest("when,x,y\n2021-03-04,\(word),2\n", by: try Self.mapping())
        #expect(outcome.counts.rejects?.byReason == ["bad_number": 1])
    }

    @Test func aFileWithoutPlacesIsAFinishedFileOfDeadLetters() async throws {
        let mapping = try Self.mapping(coordinates: "longitude: x, latitude: y, optional: true")
        let outcome = try await ingest("when\n2021-03-04\n2021-03-05\n", by: mapping)
        #expect(outcome.counts.accepted == 0)
        #expect(outcome.counts.rejects?.byReason == ["missing_value": 2])
    }

    @Test(arguments: [
        ("coordinates: {x: a, y: b}", "coordinates.x: needs crs"),
        ("coordinates: {x: a, y: b, crs: \"EPSG:1\"}", "\"EPSG:1\" is not a reference system"),
        ("coordinates: {longitude: a, latitude: b, bounds: [1, 2, 3]}", "bounds: must be"),
        ("coordinates: {longitude: a, latitude: b}\nfilter: [{column: c}]", "either in: or not_in:"),
        ("coordinates: {longitude: a, latitude: b}\nattributes: {columns: [c], exclude: [d]}", "without columns: all"),
    ])
    func faultsNameTheKey(_ yaml: String, _ problem: String) {
        let error = #expect(throws: FeedError.self) {
            try Mapping(yaml: "event_type: {constant: a}\ntime: {column: t}\n" + yaml, file: "test.yaml")
        }
        #expect((error?.line ?? 0) >= 3)
        #expect(error?.problem.contains(problem) == true, "\(String(describing: error))")
    }

    @Test(arguments: [
        ("column: t, years: [2021]", "time.years: must be"), ("constant: soon", "is not a date or time"),
        ("column: t, hour_column: h, clock_column: c", "cannot be combined with"),
    ])
    func faultsOfTheTimeNameTheKey(_ time: String, _ problem: String) {
        let error = #expect(throws: FeedError.self) { try Self.mapping(time: time) }
        #expect(error?.line == 2)
        #expect(error?.problem.contains(problem) == true, "\(String(describing: error))")
    }
}
