import Foundation
import Testing

@testable import Areas

struct ConversionTests {
    private typealias Made = MadeShapefile

    private func convert(
        _ files: MadeFiles, _ input: String, _ output: String = "out.geojson", limits: AreaLimits = AreaLimits(),
        _ change: (inout AreaConversion.Options) -> Void = { _ in }
    ) throws -> AreaConversion.Outcome {
        var options = AreaConversion.Options()
        change(&options)
        return try AreaConversion(from: files.path(input), to: files.path(output), options, limits: limits).run { _ in }
    }

    private func text(_ files: MadeFiles, _ name: String = "out.geojson") throws -> String {
        String(decoding: try Data(contentsOf: files.folder.appending(path: name)), as: UTF8.self)
    }

    private static let square = #"{"type":"Polygon","coordinates":[[[0,0],[0,1],[1,1],[1,0],[0,0]]]}"#

    @Test func ringsGetTheirDirectionAndPropertiesTheirOrder() throws {
        let files = try MadeFiles()
        try files.write(
            "in.geojson",
            #"{"type":"Feature","id":"x","properties":{"a":1,"b":"two","c":null},"geometry":\#(Self.square)}"#)
        let outcome = try convert(files, "in.geojson") { $0.properties = ["b", "a"] }
        #expect(outcome.records == 1)
        #expect(
            try text(files) == """
                {"type":"FeatureCollection","features":[
                {"type":"Feature","id":"x","geometry":{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,1],[0,0]]]},\
                "properties":{"b":"two","a":1}}
                ]}

                """)
        _ = try convert(files, "in.geojson", "out.geojsons") { $0.properties = ["a"] }
        #expect(try text(files, "out.geojsons").hasPrefix("\u{1E}{\"type\":\"Feature\""))
        _ = try convert(files, "in.geojson", "out.geojsonl") { $0.isOfCentroids = true }
        #expect(
            try text(files, "out.geojsonl")
                == #"{"type":"Feature","id":"x","geometry":{"type":"Point","coordinates":[0.5,0.5]},"#
                + #""properties":{"a":1,"b":"two","c":null}}"# + "\n")
    }

    /// Nine digits, rounded, without zeros at the end.
    @Test func coordinatesAreWrittenToATenthOfAMillimetre() throws {
        let files = try MadeFiles()
        try files.write(
            "in.json", #"{"type":"LineString","coordinates":[[-0.12345678949,51.5],[-1e-12,-0.0000000006]]}"#)
        _ = try convert(files, "in.json")
        #expect(try text(files).contains("[[-0.123456789,51.5],[0,-0.000000001]]"))
    }

    @Test func aMissingReferenceIsAskedForAndMayBeStated() throws {
        let files = try MadeFiles()
        try files.write("in.shp", Made.shapes([Made.polygon([rectangle(0, 0, 100, 100).reversed()])]))
        let error = try #require(throws: AreaError.self) { try convert(files, "in.shp") }
        #expect(error.code == .reference)
        #expect(error.problem.contains("--crs EPSG:4326"))
        #expect(!FileManager.default.fileExists(atPath: files.path("out.geojson")))
        #expect(!FileManager.default.fileExists(atPath: files.path("out.geojson.part")))
        #expect(
            try convert(files, "in.shp") { $0.crs = "EPSG:3857" }.reference == "WGS 84 / Pseudo-Mercator (EPSG:3857)")
    }

    @Test(arguments: [
        ("EPSG:999999", "not a reference system that PROJ knows"),
        ("nonsense", "not a reference system that PROJ knows"),
        (#"LOCAL_CS["Site",UNIT["metre",1]]"#, "not a reference system"), ("EPSG:9122", "not a reference system"),
    ])
    func aReferenceThatIsNoneIsRefused(crs: String, problem: String) throws {
        let files = try MadeFiles()
        try files.write("in.shp", Made.shapes([Made.polygon([rectangle(0, 0, 1, 1).reversed()])]))
        let error = try #require(throws: AreaError.self) { try convert(files, "in.shp") { $0.crs = crs } }
        #expect(error.problem.contains(problem))
    }

    /// The wrong zone: no such place.
    @Test func aPositionOutsideItsReferenceNamesTheRecord() throws {
        let files = try MadeFiles()
        let far = rectangle(1e9, 1e9, 1e9 + 1, 1e9 + 1)
        try files.write(
            "in.shp", Made.shapes([Made.polygon([rectangle(5e5, 1, 5e5 + 9, 9)]), Made.polygon([far])]))
        let error = try #require(throws: AreaError.self) { try convert(files, "in.shp") { $0.crs = "EPSG:32633" } }
        #expect(error.record == 2)
        #expect(error.problem.contains("state the right system with --crs"))
    }

    /// The example of EPSG guidance note 7-2 for a plane in US survey feet, Lambert conic conformal with two parallels:
    /// in Texas South Central (EPSG:32040), 28.5 N 96 W is 2963503.91 E 254759.80 N.
    @Test func planesInFeetAreReadInFeet() throws {
        let files = try MadeFiles()
        let point = Made.little(1) + Made.double(2_963_503.91) + Made.double(254_759.80)
        try files.write("in.shp", Made.shapes([point], type: 1))
        // On its own datum, so that no shift is added.
        _ = try convert(files, "in.shp") {
            $0.crs = """
                PROJCS["Texas South Central",GEOGCS["WGS on Clarke",DATUM["D_Clarke",SPHEROID["Clarke_1866",6378206.4,\
                294.9786982]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],\
                PROJECTION["Lambert_Conformal_Conic"],PARAMETER["False_Easting",2000000.0],\
                PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",-99.0],\
                PARAMETER["Standard_Parallel_1",28.38333333333333],PARAMETER["Standard_Parallel_2",30.28333333333333],\
                PARAMETER["Latitude_Of_Origin",27.83333333333333],UNIT["Foot_US",0.3048006096012192]]
                """
        }
        let found = try text(files).split(separator: "\"coordinates\":[")[1].prefix { $0 != "]" }.split(separator: ",")
        #expect(abs((Double(found[0]) ?? 0) - -96) < 1e-6)
        #expect(abs((Double(found[1]) ?? 0) - 28.5) < 1e-6)
    }

    @Test func unknownPropertiesAreNamedWithThoseThatThereAre() throws {
        let files = try MadeFiles()
        try files.write("in.geojson", #"{"type":"Feature","properties":{"a":1,"b":2},"geometry":null}"#)
        let error = try #require(throws: AreaError.self) {
            try convert(files, "in.geojson") { $0.properties = ["a", "nope"] }
        }
        #expect(error.problem == "has no property nope; there are: a, b")
        #expect(!FileManager.default.fileExists(atPath: files.path("out.geojson")))
    }

    @Test func aBrokenInputLeavesTheOldOutput() throws {
        let files = try MadeFiles()
        try files.write("out.geojson", "old")
        try files.write("in.geojson", #"{"type":"FeatureCollection","features":[\#(Self.square)]}"#)
        #expect(throws: AreaError.self) { try convert(files, "in.geojson") }
        #expect(try text(files) == "old")
    }

    @Test func namesThatCannotBeAreRefused() throws {
        let files = try MadeFiles()
        try files.write("in.geojson", Self.square)
        #expect(throws: AreaError.self) { try convert(files, "in.geojson", "in.geojson") }
        #expect(throws: AreaError.self) { try convert(files, "in.geojson", "out.shp") }
        #expect(throws: AreaError.self) { try convert(files, "missing.shp") }
        #expect(throws: AreaError.self) { try convert(files, "in.geojson", "no/folder/out.geojson") }
        try files.write("table.csv", "a,b\n1,2\n")
        #expect(throws: AreaError.self) { try convert(files, "table.csv") }
        try files.write("paper.shp", "%PDF-1.4")
        let error = #expect(throws: AreaError.self) { try convert(files, "paper.shp") }
        #expect(error?.problem == "is a PDF document")
    }

    /// A parallel around the south pole has no area in the plane of longitude and latitude.
    @Test func aRingAlongAParallelIsNotEmpty() throws {
        let files = try MadeFiles()
        let ring = Ring.closed(stride(from: -165.0, through: 165, by: 30).map { Position($0, -70) })
        try files.write("in.shp", Made.shapes([Made.polygon([ring])]))
        let outcome = try convert(files, "in.shp") { $0.crs = "EPSG:4326" }
        #expect(outcome.withoutGeometry == 0)
        #expect(outcome.notes.allSatisfy { !$0.contains("without any area") })
        #expect(try text(files).contains("[180,-90]"))
    }

    /// A hole of one position, repeated, and a record that is nothing else.
    @Test func ringsWithoutAreaAreLeftOutAndCounted() throws {
        let files = try MadeFiles()
        let dot = "[[0.5,0.5],[0.5,0.5],[0.5,0.5],[0.5,0.5]]"
        try files.write(
            "in.geojson",
            #"{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]],\#(dot)]}"#
                + #"{"type":"Polygon","coordinates":[\#(dot)]}"#)
        let outcome = try convert(files, "in.geojson")
        #expect(outcome.notes == ["2 rings without any area: left out."])
        #expect(outcome.withoutGeometry == 1)
        #expect(try text(files).contains(#""coordinates":[[[0,0],[1,0],[1,1],[0,0]]]}"#))
    }

    /// The whole of it is smaller than what counts as one position.
    @Test func anAreaSmallerThanAMillimetreSurvivesSimplification() throws {
        let files = try MadeFiles()
        let tiny = "[[[0,0],[0.000000003,0],[0.000000003,0.000000003],[0,0]]]"
        try files.write("in.geojson", #"{"type":"Polygon","coordinates":\#(tiny)}"#)
        _ = try convert(files, "in.geojson") { $0.tolerance = 1 }
        #expect(try text(files).contains(#""coordinates":\#(tiny)}"#))
    }

    @Test func whatIsHeldToSimplifyIsBounded() throws {
        let files = try MadeFiles()
        try files.write("in.geojson", Self.square)
        var limits = AreaLimits()
        limits.mostHeldVertices = 4
        let error = #expect(throws: AreaError.self) {
            try convert(files, "in.geojson", limits: limits) { $0.tolerance = 0.1 }
        }
        #expect(error?.code == .limit)
        #expect(error?.problem.contains("without --simplify") == true)
    }

    @Test func aCancelledConversionEndsWithoutOutput() async throws {
        let files = try MadeFiles()
        let feature = #"{"type":"Feature","properties":{},"geometry":\#(Self.square)}"#
        try files.write("in.geojson", String(repeating: feature + "\n", count: 200))
        let (input, output) = (files.path("in.geojson"), files.path("out.geojson"))
        let work = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            _ = try AreaConversion(from: input, to: output, AreaConversion.Options()).run { _ in }
        }
        await #expect(throws: CancellationError.self) { try await work.value }
        #expect(try FileManager.default.contentsOfDirectory(atPath: files.folder.path) == ["in.geojson"])
    }
}
