import Foundation
import H3
import Testing

@testable import Commands

struct H3ArgumentsTests {
    // uber/h3 4.5.0 gives this edge and this vertex for this cell (Tests/H3Tests/Golden/edges.txt).
    private static let cell = "800ffffffffffff"
    private static let edge = "1100ffffffffffff"
    private static let vertex = "2200ffffffffffff"

    /// The arguments of a JSON array.
    private static func arguments(_ json: String) throws -> H3Arguments {
        H3Arguments(try JSONDecoder().decode([H3Value].self, from: Data(json.utf8)))
    }

    /// Expects that taking the first argument of a JSON array fails with an error.
    private static func expect<Output>(
        _ error: H3Error, of json: String, at location: SourceLocation = #_sourceLocation,
        _ take: (inout H3Arguments) throws(H3Error) -> Output
    ) throws {
        var arguments = try arguments(json)
        var found: H3Error?
        do throws(H3Error) {
            _ = try take(&arguments)
        } catch {
            found = error
        }
        #expect(found == error, "\(json)", sourceLocation: location)
    }

    @Test func argumentsAreTakenInOrderUntilNoneIsLeft() throws {
        var arguments = try Self.arguments(#"["\#(Self.cell)", 3, "\#(Self.edge)", "\#(Self.vertex)"]"#)
        #expect(try arguments.cell().bits == 0x0800_ffff_ffff_ffff)
        #expect(try arguments.integer() == 3)
        #expect(try arguments.edge().bits == 0x1100_ffff_ffff_ffff)
        #expect(!arguments.isEmpty)
        #expect(try arguments.vertex().bits == 0x2200_ffff_ffff_ffff)
        #expect(arguments.isEmpty)
        #expect(throws: H3Error.failed) { try arguments.integer() }
    }

    @Test func anIndexIsOfAnyKind() throws {
        for text in [Self.cell, Self.edge, Self.vertex] {
            var arguments = try Self.arguments(#"["\#(text)"]"#)
            #expect(try arguments.index().bits == UInt64(text, radix: 16))
        }
    }

    @Test(arguments: [#"["x"]"#, #"[""]"#, #"["0"]"#, #"["1100ffffffffffff"]"#, #"["-800ffffffffffff"]"#])
    func aTextThatIsNoCellIsTheErrorOfCells(json: String) throws {
        try Self.expect(.cellInvalid, of: json) { taken throws(H3Error) in try taken.cell() }
    }

    @Test func eachKindOfIndexHasAnErrorOfItsOwn() throws {
        let cell = #"["\#(Self.cell)"]"#
        try Self.expect(.directedEdgeInvalid, of: cell) { taken throws(H3Error) in try taken.edge() }
        try Self.expect(.vertexInvalid, of: cell) { taken throws(H3Error) in try taken.vertex() }
        try Self.expect(.indexInvalid, of: #"["x"]"#) { taken throws(H3Error) in try taken.index() }
        try Self.expect(.failed, of: #"["x"]"#) { taken throws(H3Error) in try taken.bits() }
        try Self.expect(.domain, of: #"["x"]"#) { taken throws(H3Error) in try taken.bits(else: .domain) }
    }

    @Test(arguments: ["[7]", "[1.5]", "[null]", "[true]", #"[["800ffffffffffff"]]"#, "[]"])
    func anIndexThatIsNoTextFails(json: String) throws {
        try Self.expect(.failed, of: json) { taken throws(H3Error) in try taken.cell() }
        try Self.expect(.failed, of: json) { taken throws(H3Error) in try taken.index() }
    }

    @Test func bitsAreHexadecimalDigits() throws {
        var arguments = try Self.arguments(#"["ffffffffffffffff", "0", "0X1f"]"#)
        #expect(try arguments.bits() == .max)
        #expect(try arguments.bits() == 0)
        #expect(try arguments.bits() == 31)
    }

    /// C fills places of a result that it does not use with 0.
    @Test func nullIndexesAmongCellsAreLeftOut() throws {
        var arguments = try Self.arguments(#"[["0", "\#(Self.cell)", "0"], []]"#)
        #expect(try arguments.cells().map(\.description) == [Self.cell])
        #expect(try arguments.cells() == [])
    }

    @Test(arguments: [
        (#"[["800ffffffffffff", "1100ffffffffffff"]]"#, H3Error.cellInvalid), (#"[["x"]]"#, .cellInvalid),
        ("[[7]]", .failed), (#"["800ffffffffffff"]"#, .failed),
    ])
    func aListWithAnythingButCellsIsRefused(json: String, error: H3Error) throws {
        try Self.expect(error, of: json) { taken throws(H3Error) in try taken.cells() }
    }

    @Test(arguments: ["[1.5]", #"["1"]"#, "[[1]]", "[null]", "[true]", "[99999999999999999999]"])
    func onlyAWholeNumberIsAnInteger(json: String) throws {
        try Self.expect(.failed, of: json) { taken throws(H3Error) in try taken.integer() }
    }

    @Test func resolutionsAre0To15() throws {
        var arguments = try Self.arguments("[0, 15]")
        #expect(try arguments.resolution().number == 0)
        #expect(try arguments.resolution().number == 15)
        for json in ["[-1]", "[16]"] {
            try Self.expect(.resolutionDomain, of: json) { taken throws(H3Error) in try taken.resolution() }
            try Self.expect(.resolutionMismatch, of: json) { taken throws(H3Error) in
                try taken.resolution(else: .resolutionMismatch)
            }
        }
        try Self.expect(.failed, of: "[7.5]") { taken throws(H3Error) in try taken.resolution() }
    }

    @Test func integersAreAListOfWholeNumbers() throws {
        var arguments = try Self.arguments("[[2, -3], []]")
        #expect(try arguments.integers() == [2, -3])
        #expect(try arguments.integers() == [])
        for json in ["[[2, 0.5]]", "[2]", #"["2"]"#] {
            try Self.expect(.failed, of: json) { taken throws(H3Error) in try taken.integers() }
        }
    }

    @Test func numbersThatJSONCannotWriteAreTexts() throws {
        var arguments = try Self.arguments(#"[1, -0.5, "nan", "inf", "-inf"]"#)
        #expect(try arguments.number() == 1)
        #expect(try arguments.number() == -0.5)
        #expect(try arguments.number().isNaN)
        #expect(try arguments.number() == .infinity)
        #expect(try arguments.number() == -.infinity)
        for json in [#"["1"]"#, #"["NaN"]"#, "[null]", "[false]", "[[1]]"] {
            try Self.expect(.failed, of: json) { taken throws(H3Error) in try taken.number() }
        }
    }

    @Test func aPointIsLatitudeThenLongitude() throws {
        var arguments = try Self.arguments(#"[[43.5, -79], [1, "inf", 3]]"#)
        let point = try arguments.point()
        #expect(point.latitude == 43.5)
        #expect(point.longitude == -79)
        // A third number is a height, as in GeoJSON.
        #expect(try arguments.point().longitude == .infinity)
        for json in ["[[43.5]]", "[43.5, -79]", #"[["a", "b"]]"#] {
            try Self.expect(.failed, of: json) { taken throws(H3Error) in try taken.point() }
        }
    }

    @Test func aPolygonIsLongitudeThenLatitudeWithTheShellFirst() throws {
        var arguments = try Self.arguments("[[[[10, 1], [20, 2, 7], [30, 3]], [[11, 1], [12, 2]], []], []]")
        let polygon = try arguments.polygon()
        #expect(polygon.shell.map(\.longitude) == [10, 20, 30])
        #expect(polygon.shell.map(\.latitude) == [1, 2, 3])
        #expect(polygon.holes.map { $0.map(\.longitude) } == [[11, 12], []])
        let empty = try arguments.polygon()
        #expect(empty.shell.isEmpty)
        #expect(empty.holes.isEmpty)
        for json in ["[7]", "[[7]]", "[[[7]]]", "[[[[7]]]]", #"[[[["a", 1]]]]"#] {
            try Self.expect(.failed, of: json) { taken throws(H3Error) in try taken.polygon() }
        }
    }

    @Test func containmentIsOneOfFourNames() throws {
        var arguments = try Self.arguments(#"["center", "full", "overlapping", "overlapping_bbox"]"#)
        #expect(try arguments.containment() == .center)
        #expect(try arguments.containment() == .full)
        #expect(try arguments.containment() == .overlapping)
        #expect(try arguments.containment() == .overlappingBoundingBox)
        for json in [#"["Center"]"#, #"[""]"#, "[0]"] {
            try Self.expect(.optionInvalid, of: json) { taken throws(H3Error) in try taken.containment() }
        }
        try Self.expect(.failed, of: "[]") { taken throws(H3Error) in try taken.containment() }
    }
}
