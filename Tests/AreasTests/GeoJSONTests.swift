import Formats
import Testing

@testable import Areas

struct GeoJSONTests {
    private static let point = #"{"type":"Point","coordinates":[1,2]}"#

    private func records(_ text: String, isReferenceStated: Bool = false) throws -> [AreaRecord] {
        let files = try MadeFiles()
        try files.write("a.geojson", text)
        return try files.records("a.geojson", isReferenceStated: isReferenceStated)
    }

    private func error(_ text: String, limits: AreaLimits = AreaLimits()) throws -> AreaError {
        let files = try MadeFiles()
        try files.write("a.geojson", text)
        return try #require(files.error("a.geojson", limits: limits))
    }

    @Test func membersMayComeInAnyOrder() throws {
        let found = try records(
            #"""
            {"features": [
              {"properties": {"n": "A\u00e9\ud83d\ude00\n", "i": 3, "r": 2.5, "t": true, "x": null,
                "o": {"a": [1, "b"]}},
               "geometry": {"coordinates": [[[0,0,7],[2,0,7],[2,1,7],[0,0,7]]], "type": "Polygon"}, "id": 5,
               "type": "Feature"},
              {"type": "Feature", "geometry": null, "properties": null}
            ], "name": "x", "type": "FeatureCollection"}
            """#)
        #expect(found.count == 2)
        #expect(found[0].id == .integer(5))
        let ring = [Position(0, 0), Position(2, 0), Position(2, 1), Position(0, 0)]
        #expect(found[0].geometry == .polygon(Polygon(ring)))
        #expect(
            found[0].properties == [
                .init("n", .text("Aé😀\n")), .init("i", .integer(3)), .init("r", .number(2.5)),
                .init("t", .truth(true)), .init("x", .null), .init("o", .json(#"{"a":[1,"b"]}"#)),
            ])
        #expect(found[1].geometry == nil)
        #expect(found[1].properties == [])
    }

    @Test(
        arguments: [
            (#"{"type":"Point","coordinates":[1,2]}"#, .point(Position(1, 2))),
            (#"{"type":"MultiPoint","coordinates":[[1,2],[3,4]]}"#, .points([Position(1, 2), Position(3, 4)])),
            (#"{"type":"LineString","coordinates":[[1,2],[3,4]]}"#, .line([Position(1, 2), Position(3, 4)])),
            (#"{"type":"MultiLineString","coordinates":[[[1,2],[3,4]]]}"#, .lines([[Position(1, 2), Position(3, 4)]])),
            (
                #"{"type":"MultiPolygon","coordinates":[[[[0,0],[1,0],[1,1],[0,0]]],[]]}"#,
                .polygons([Polygon([Position(0, 0), Position(1, 0), Position(1, 1), Position(0, 0)])])
            ),
            (
                #"{"type":"GeometryCollection","geometries":[{"type":"Point","coordinates":[-1.5e1,2]}]}"#,
                .collection([.point(Position(-15, 2))])
            ),
            (#"{"type":"Polygon","coordinates":[]}"#, nil),
            (#"{"type":"GeometryCollection","geometries":[]}"#, nil),
        ] as [(String, Geometry?)])
    func geometriesOfAllTypesAreRead(text: String, expected: Geometry?) throws {
        #expect(try records(text).map(\.geometry) == [expected])
        let feature = #"{"type":"Feature","properties":{},"geometry":\#(text)}"#
        #expect(try records(feature).map(\.geometry) == [expected])
    }

    @Test func sequencesAreRead() throws {
        let feature = #"{"type":"Feature","properties":{},"geometry":\#(Self.point)}"#
        #expect(try records("\u{1E}\(feature)\n\u{1E}\(feature)\n").count == 2)
        #expect(try records("\(feature)\n\(feature)").count == 2)
        #expect(try records("\u{FEFF}\(feature)").count == 1)
    }

    @Test(arguments: [
        (#""crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::27700"}},"#, "urn:ogc:def:crs:EPSG::27700"),
        (#""crs":{"type":"EPSG","properties":{"code":2193}},"#, "EPSG:2193"),
        ("", "OGC:CRS84"),
    ])
    func theLegacyReferenceIsRead(member: String, expected: String) throws {
        let files = try MadeFiles()
        let features = #""features":[{"type":"Feature","properties":{},"geometry":\#(Self.point)}]"#
        try files.write("a.geojson", "{\(member)\(features)}")
        // A member after the features counts as well.
        try files.write("b.geojson", "{\(features)\(member.isEmpty ? "" : "," + member.dropLast())}")
        for name in ["a.geojson", "b.geojson"] {
            let reader = try AreaFile(path: files.path(name)).open()
            #expect(reader.reference == expected)
            #expect(try reader.next()?.geometry == .point(Position(1, 2)))
            #expect(try reader.next() == nil)
        }
    }

    @Test func anUnknownReferenceIsAskedFor() throws {
        let error = try error(#"{"crs":null,"features":[]}"#)
        #expect(error.code == .reference)
        #expect(error.problem.contains("--crs"))
    }

    @Test func coordinatesOfAPlaneNeedAReference() throws {
        let text = #"{"type":"Point","coordinates":[530000,180000]}"#
        let error = try error(text)
        #expect(error.record == 1)
        #expect(error.problem.contains("(530000.0, 180000.0), which are no degrees"))
        #expect(try records(text, isReferenceStated: true).count == 1)
    }

    @Test(arguments: [
        (#"{"type":"Point","coordinates":[1]}"#, "unexpected \"]\""),
        (#"{"type":"Point","coordinates":[[1,2]]}"#, "nested 2 deep instead of 1"),
        (#"{"type":"Polygon","coordinates":[[[1,2],[3,[4]]]]}"#, "unexpected \"[\""),
        (#"{"type":"LineString","coordinates":[[1,2],[3,4]"#, "the file ends within it"),
        (#"{"type":"LineString","coordinates":[[1,2],]}"#, "unexpected \"]\""),
        (#"{"type":"LineString","coordinates":[[1,2] [3,4]]}"#, "unexpected \"[\""),
        (#"{"type":"MultiPoint","coordinates":[[1,2],[[3,4]]]}"#, "nested to different depths"),
        (#"{"type":"Polygon","coordinates":[[[0,0],[1,1],[0,0]]]}"#, "fewer than four positions"),
        (#"{"type":"Polygon","coordinates":[[[[[0,0]]]]]}"#, "unexpected \"[\""),
        (#"{"type":"Circle","coordinates":[1,2]}"#, "neither a FeatureCollection"),
        (#"{"type":"Feature","geometry":{"type":"Circle"}}"#, "the geometry type \"Circle\""),
        (#"{"type":"Topology","objects":{}}"#, "neither a FeatureCollection"),
        (#"{"type":"Point","coordinates":[01,2]}"#, "unexpected \"1\""),
        (#"{"type":"Point","coordinates":[1e999,2]}"#, "out of range"),
        (#"{"type":"Point" "coordinates":[1,2]}"#, "unexpected \"\"\""),
        (#"{"type":"Feature","properties":{"a":"\ud800"}}"#, "unexpected \"\"\""),
        (#"{"type":"Feature","properties":{"a":tru}}"#, "unexpected \"}\""),
        (#"[1,2]"#, "does not begin with an object"),
    ])
    func brokenTextIsRefusedWithItsPlace(text: String, problem: String) throws {
        #expect(try error(text).problem.contains(problem))
    }

    @Test func theNumberOfTheBrokenRecordIsTold() throws {
        let feature = #"{"type":"Feature","properties":{},"geometry":\#(Self.point)}"#
        let error = try error(#"{"type":"FeatureCollection","features":[\#(feature),\#(feature),{"type":"Feat"#)
        #expect(error.record == 3)
    }

    @Test func textThatIsNotUTF8IsRefused() throws {
        let files = try MadeFiles()
        try files.write(
            "a.geojson", Array(#"{"type":"Feature","properties":{"a":""#.utf8) + [0xE9] + Array(#""}}"#.utf8))
        #expect(files.error("a.geojson")?.problem.contains("not UTF-8") == true)
    }

    @Test func limitsAreKept() throws {
        var limits = AreaLimits()
        limits.mostNesting = 8
        limits.mostVertices = 3
        limits.mostTextBytes = 50
        limits.mostColumns = 2
        let deep = String(repeating: "[", count: 9) + String(repeating: "]", count: 9)
        let cases = [
            #"{"type":"Feature","properties":{"a":\#(deep)}}"#,
            #"{"type":"Feature","x":\#(deep)}"#,
            #"{"type":"LineString","coordinates":[[1,2],[3,4],[5,6],[7,8]]}"#,
            #"{"type":"Feature","properties":{"a":"\#(String(repeating: "x", count: 60))"}}"#,
            #"{"type":"Feature","properties":{"a":[\#(String(repeating: "1,", count: 60))1]}}"#,
            #"{"type":"Feature","properties":{"a":1,"b":2,"c":3}}"#,
        ]
        for text in cases { #expect(try error(text, limits: limits).code == .limit) }
    }
}
