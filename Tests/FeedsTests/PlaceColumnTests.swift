import Domain
import Testing

@testable import Feeds

/// Both coordinates in one column, and angles in two.
@Suite struct PlaceColumnTests {
    private static func mapping(_ coordinates: String, _ more: String = "") throws -> Mapping {
        try Mapping(
            yaml: """
                event_type: {constant: fire}
                time: {column: when}
                coordinates: {\(coordinates)}
                \(more)
                """, file: "test.yaml")
    }

    @Test(arguments: [("[latitude, longitude]", -122.25, 37.5), ("[longitude, latitude]", 37.5, -22.25)])
    func theStatedOrderHolds(_ axes: String, _ longitude: Double, _ latitude: Double) async throws {
        let second = axes.hasPrefix("[la") ? "-122.25" : "-22.25"
        let outcome = try await ingest(
            "when,at\n2021-03-04,\"(37.5, \(second))\"\n",
            by: try Self.mapping("column: at, axes: \(axes)", "attributes: {columns: all}"))
        let row = try #require(await outcome.sink.rows.first)
        #expect(row.longitude == longitude)
        #expect(row.latitude == latitude)
        #expect(row.attributes == "{}", "the column has its use")
    }

    @Test func eachFaultHasItsReason() async throws {
        let places = [
            "", "NA", "POINT EMPTY", "here", "\"(0.0, 0.0)\"", "\"(-122.25, 37.5)\"", "\"(5, 5)\"", "\"(37, -122)\"",
        ]
        let text = "when;at\n" + places.map { "2021-03-04;\($0)\n" }.joined()
        let outcome = try await ingest(
            text, by: try Self.mapping("column: at, axes: [latitude, longitude], bounds: [-125, 30, -120, 40]"))
        #expect(
            await outcome.sink.rejections == [
                "2 missing_value", "3 missing_value", "4 missing_value", "5 bad_place", "6 null_island",
                "7 out_of_range",
                "8 out_of_bounds",
            ])
        let letters = await outcome.sink.deadLetters
        #expect(letters[3].detail == "column \"at\": \"here\" is no point in a known notation")
        #expect(letters[5].detail.contains("coordinates.axes"))
        #expect(outcome.counts.accepted == 1)
    }

    /// The sphere's closed formula for 3857 (Snyder 1987, 7-4).
    @Test(arguments: ["POINT (-8837000 5410000)", "-8837000 5410000", "SRID=3857;POINT(-8837000 5410000)"])
    func projectedPlacesBecomeDegrees(_ place: String) async throws {
        let outcome = try await ingest(
            "when,at\n2021-03-04,\(place)\n",
            by: try Self.mapping("column: at, axes: [x, y], crs: \"EPSG:3857\""))
        let row = try #require(await outcome.sink.rows.first)
        #expect(abs(row.longitude + 79.38412165764211) < 1e-9)
        #expect(abs(row.latitude - 43.640654484124845) < 1e-9)
    }

    @Test func aGeometryOfOnePointIsReadWhole() async throws {
        let text = """
            [{"when":"2021-03-04","geometry":{"type":"Point","coordinates":[1,2]}},
            {"when":"2021-03-04","geometry":{"type":"MultiPoint","coordinates":[[3,4]]}},
            {"when":"2021-03-04","geometry":null},
            {"when":"2021-03-04","geometry":{"type":"Polygon","coordinates":[[[3,4],[5,6],[3,4]]]}}]
            """
        let outcome = try await ingest(
            text, by: try Self.mapping("column: geometry, axes: [longitude, latitude]", "format: json"))
        #expect(await outcome.sink.rows.map(\.longitude) == [1, 3])
        #expect(await outcome.sink.rejections == ["3 missing_value", "4 bad_place"])
    }

    @Test func anglesAreReadInTwoColumns() async throws {
        let text = """
            when;y;x
            2021-03-04;45°08'41.3"N;7°26'20.5"E
            2021-03-04;45 08 41.3 N;7 26 20.5 E
            2021-03-04;45.144806N;7.439028E
            2021-03-04;45.144806°;7.439028°
            2021-03-04;N 45.144806;E 7.439028
            2021-03-04;45,144806 N;W 79 23.5
            2021-03-04;7.439028E;45.144806N
            2021-03-04;45.144806;-79.4W
            2021-03-04;91°N;7

            """
        let outcome = try await ingest(text, by: try Self.mapping("longitude: x, latitude: y"))
        let rows = await outcome.sink.rows
        let latitudes = [45.14480555555556, 45.14480555555556, 45.144806, 45.144806, 45.144806, 45.144806]
        let longitudes = [7.439027777777778, 7.439027777777778, 7.439028, 7.439028, 7.439028, -79.39166666666667]
        #expect(rows.count == 6)
        for (row, (longitude, latitude)) in zip(rows, zip(longitudes, latitudes)) {
            #expect(abs(row.longitude - longitude) < 1e-12, "\(row)")
            #expect(abs(row.latitude - latitude) < 1e-12, "\(row)")
        }
        #expect(await outcome.sink.rejections == ["8 bad_number", "9 bad_number", "10 out_of_range"])
        #expect(await outcome.sink.deadLetters[0].detail.contains("is a latitude"))
    }

    @Test(arguments: [
        ("column: at", "coordinates.axes: must be [latitude, longitude] or"),
        ("column: at, axes: [latitude]", "coordinates.axes: must be"),
        ("column: at, axes: [x, y]", "coordinates.axes: must be"),
        ("column: at, axes: [latitude, longitude], crs: \"EPSG:3857\"", "coordinates.axes: must be [y, x] or [x, y]"),
        ("axes: [latitude, longitude]", "coordinates.column: is missing"),
        (
            "column: at, axes: [latitude, longitude], longitude: x",
            "coordinates.longitude: cannot be combined with column:"
        ),
        ("column: at, place: a, places: p.csv", "coordinates.column: cannot be combined with place:"),
    ])
    func faultsNameTheKey(_ coordinates: String, _ problem: String) {
        let error = #expect(throws: FeedError.self) { try Self.mapping(coordinates) }
        #expect(error?.line == 3)
        #expect(error?.problem.contains(problem) == true, "\(String(describing: error))")
    }

    @Test func aColumnThatMayBeMissingLeavesDeadLetters() async throws {
        let outcome = try await ingest(
            "when\n2021-03-04\n", by: try Self.mapping("column: at, axes: [latitude, longitude], optional: true"))
        #expect(await outcome.sink.rejections == ["2 missing_value"])
    }
}
