import Domain
import Testing

@testable import Formats
@testable import Server

@Suite struct FilterParserTests {
    private static let queryables: [String: FeatureProperty.Kind] = [
        "name": .text, "count": .integer, "score": .number, "flag": .truth, "day": .day, "time": .instant, "and": .text,
    ]

    private static func parse(_ text: String) throws(FilterFault) -> FeatureFilter {
        try FilterParser.parse(text, queryables)
    }

    private static let comparisons: [(String, FeatureFilter)] = [
        ("name = 'a'", .compare("name", .equal, .text("a"))),
        ("name<>'it''s'", .compare("name", .unequal, .text("it's"))),
        ("count >= -1.5e2", .compare("count", .atLeast, .number(-150))),
        ("5 < score", .compare("score", .greater, .number(5))),
        ("\"and\" = ''", .compare("and", .equal, .text(""))), ("flag = TRUE", .compare("flag", .equal, .truth(true))),
        ("flag", .compare("flag", .equal, .truth(true))), ("true", .constant(true)),
        ("day <= DATE('2021-12-31')", .compare("day", .atMost, .day(LocalDay("2021-12-31")!))),
        ("time > TIMESTAMP('1970-01-01T00:00:01Z')", .compare("time", .greater, .instant(Instant(seconds: 1)))),
        ("time = DATE('1970-01-02')", .compare("time", .equal, .instant(Instant(seconds: 86_400)))),
        ("name LIKE 'a%\\%_'", .like("name", pattern: "a%\\%_")),
        ("name not like 'b'", .not(.like("name", pattern: "b"))),
        ("score BETWEEN 1 AND 2", .between("score", .number(1), .number(2))),
        ("count IN (1, 2)", .among("count", [.number(1), .number(2)])),
        ("count NOT IN (3)", .not(.among("count", [.number(3)]))),
        ("name IS NULL", .isNull("name")), ("name IS NOT NULL", .not(.isNull("name"))),
    ]

    @Test(arguments: comparisons)
    func aConditionIsRead(text: String, filter: FeatureFilter) throws { #expect(try Self.parse(text) == filter) }

    @Test func andBindsMoreThanOrAndNotMost() throws {
        let (a, b, c): (FeatureFilter, FeatureFilter, FeatureFilter) = (
            .compare("count", .equal, .number(1)), .compare("count", .equal, .number(2)),
            .compare("count", .equal, .number(3))
        )
        #expect(try Self.parse("count=1 OR count=2 AND NOT count=3") == .or([a, .and([b, .not(c)])]))
        #expect(try Self.parse("(count=1 or count=2) and count=3") == .and([.or([a, b]), c]))
        #expect(try Self.parse("NOT NOT count=1") == a)
        #expect(
            try Self.parse("score BETWEEN 1 AND 2 AND flag")
                == .and([
                    .between("score", .number(1), .number(2)), .compare("flag", .equal, .truth(true)),
                ]))
    }

    private static func square(_ west: Double, _ south: Double, _ east: Double, _ north: Double) -> [[DrawnPolygon
        .Position]]
    {
        [
            [(west, south), (east, south), (east, north), (west, north), (west, south)].map {
                .init(longitude: $0.0, latitude: $0.1)
            }
        ]
    }

    private static let shapes: [(String, FeatureFilter.Shape)] = [
        ("S_INTERSECTS(geometry, POINT(1 -2.5))", .point(.init(longitude: 1, latitude: -2.5))),
        ("s_intersects(POINT(1 2), geom)", .point(.init(longitude: 1, latitude: 2))),
        ("S_INTERSECTS(geometry,BBOX(0,1,2,3))", .polygon(.init(polygons: [square(0, 1, 2, 3)]))),
        (
            "S_INTERSECTS(geometry,BBOX(170,1,-170,3))",
            .polygon(.init(polygons: [square(170, 1, 180, 3), square(-180, 1, -170, 3)]))
        ),
        ("S_INTERSECTS(geometry, POLYGON((0 1,2 1,2 3,0 3,0 1)))", .polygon(.init(polygons: [square(0, 1, 2, 3)]))),
        (
            "S_INTERSECTS(geometry, MULTIPOLYGON(((0 1,2 1,2 3,0 3,0 1)),((5 1,6 1,6 3,5 3,5 1))))",
            .polygon(.init(polygons: [square(0, 1, 2, 3), square(5, 1, 6, 3)]))
        ),
        // Heights are ignored, as those of the parameter bbox are.
        ("S_INTERSECTS(geometry, POINT Z(1 2 3))", .point(.init(longitude: 1, latitude: 2))),
        ("S_INTERSECTS(geometry, POINT(1 2 3.5))", .point(.init(longitude: 1, latitude: 2))),
        (
            "S_INTERSECTS(geometry, polygon z ((0 1 9,2 1 9,2 3 9,0 3 9,0 1 8)))",
            .polygon(.init(polygons: [square(0, 1, 2, 3)]))
        ),
        (
            "S_INTERSECTS(geometry, MULTIPOLYGON Z(((0 1 0,2 1 0,2 3 0,0 3 0,0 1 0))))",
            .polygon(.init(polygons: [square(0, 1, 2, 3)]))
        ),
        ("S_INTERSECTS(geometry,BBOX(0,1,-5,2,3,1e4))", .polygon(.init(polygons: [square(0, 1, 2, 3)]))),
        (
            "S_INTERSECTS(geometry, BBOX(179,-18,0,-179,-16,10))",
            .polygon(.init(polygons: [square(179, -18, 180, -16), square(-180, -18, -179, -16)]))
        ),
    ]

    @Test(arguments: shapes)
    func aShapeIsRead(text: String, shape: FeatureFilter.Shape) throws {
        #expect(try Self.parse(text) == .intersects(shape))
    }

    @Test(arguments: [
        ("", 1), ("name", 5), ("name =", 7), ("name = 5", 8), ("nothing = 5", 1), ("count = 'a'", 9), ("'a' = 'a'", 1),
        ("name = name", 1), ("(count = 1", 11), ("count = 1)", 10), ("count = 1 count = 2", 11), ("name = 'a", 8),
        ("name = 'a' ;", 12), ("count = 1e999", 9), ("count = 1.2.3", 9), ("name LIKE 'a\\'", 11),
        ("name LIKE '%%%%%%%%%'", 11), ("count LIKE 'a'", 12), ("day = DATE('2021-02-30')", 12),
        ("score BETWEEN 1", 16),
        ("count IN ()", 11), ("S_INTERSECTS(geometry, POINT(200 0))", 30),
        ("S_INTERSECTS(geometry, POLYGON((0 0,1 1,0 0)))", 32),
        ("S_INTERSECTS(geometry, BBOX(0,1,2,3,4))", 28), ("S_INTERSECTS(geometry, POINT(1 2 3 4))", 36),
        ("S_INTERSECTS(geometry, POINT Z 1 2)", 32), ("name IS 5", 9), ("name = 'a'--", 11), ("name = 'a\0'", 10),
        ("é = 1", 1),
    ])
    func aFaultIsToldWithItsPlace(text: String, position: Int) {
        let fault = #expect(throws: FilterFault.self) { try Self.parse(text) }
        #expect(fault?.position == position, "\(text): \(fault?.description ?? "")")
    }

    private static func draft(_ text: String) throws(FilterFault) -> FeatureFilter {
        try FilterParser.parse(text, queryables, others: ["id"], language: .cqlText)
    }

    /// Filters as GDAL 3.6 and 3.12 write them.
    private static let drafts: [(String, FeatureFilter)] = [
        ("day = '2021-12-31T'", .compare("day", .equal, .day(LocalDay("2021-12-31")!))),
        ("day >= '2021-12-31T00:00:00Z'", .compare("day", .atLeast, .day(LocalDay("2021-12-31")!))),
        ("time < '1970-01-01T00:00:01Z'", .compare("time", .less, .instant(Instant(seconds: 1)))),
        ("time <> '1970-01-02T'", .compare("time", .unequal, .instant(Instant(seconds: 86_400)))),
        ("flag = 1", .compare("flag", .equal, .truth(true))), ("flag <> 0", .compare("flag", .unequal, .truth(false))),
        ("name ILIKE 'a%'", .alike("name", pattern: "a%")), ("name LIKE 'a\\b'", .like("name", pattern: "a\\\\b")),
        ("(name IS NULL)", .isNull("name")), ("(id IS NULL)", .constant(false)),
        ("NOT ((id IS NULL))", .not(.constant(false))),
        ("id IS NOT NULL", .constant(true)),
        (
            "(score >= 1) AND (count <= 2)",
            .and([.compare("score", .atLeast, .number(1)), .compare("count", .atMost, .number(2))])
        ),
    ]

    @Test(arguments: drafts)
    func theDraftIsReadAsGDALWritesIt(text: String, filter: FeatureFilter) throws {
        #expect(try Self.draft(text) == filter)
    }

    @Test(arguments: drafts.map(\.0).filter { !$0.contains("score") && !$0.contains("(name") })
    func whatOnlyTheDraftHasIsNoCQL2(text: String) {
        // A backslash alone is an escape there.
        if text.contains("LIKE 'a\\b'") {
            #expect(throws: Never.self) { try Self.parse(text) }
        } else {
            #expect(throws: FilterFault.self) { try Self.parse(text) }
        }
    }

    @Test(arguments: [
        "day = '2021-12-31T10:00:00Z'", "day = 'yesterday'", "flag = 2", "count = '1'", "id = 'a'", "id", "time = 5",
        "day ILIKE 'a'", "other IS NULL",
    ])
    func theDraftHasFaultsToo(text: String) {
        #expect(throws: FilterFault.self) { try Self.draft(text) }
    }

    /// A filter may be long and deeply nested within limits, and any filter is read in one pass.
    @Test func depthLengthAndTermsAreBounded() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "(", count: depth) + "count = 1" + String(repeating: ")", count: depth)
        }
        #expect(try Self.parse(nested(30)) == .compare("count", .equal, .number(1)))
        for text in [
            nested(40), nested(2000), String(repeating: "NOT (", count: 500),
            "count IN (" + String(repeating: "1,", count: 400) + "1)",
            "name = '" + String(repeating: "a", count: 5000) + "'",
        ] {
            #expect(throws: FilterFault.self) { try Self.parse(text) }
        }
        #expect(throws: Never.self) { try Self.parse(String(repeating: "NOT ", count: 1000) + "flag") }
    }

    /// Any input gives a filter or a fault.
    @Test func anythingIsReadOrRefused() {
        var random = SystemRandomNumberGenerator()
        let words = [
            "name", "=", "'a'", "(", ")", "AND", "OR", "NOT", "count", "1", ",", "IN", "LIKE", "'", "\"", "IS", "NULL",
            "S_INTERSECTS", "POINT", "geometry", "BETWEEN", "DATE", "<>", "-", ".", "e", "é", "\\", "%",
        ]
        for _ in 0..<20_000 {
            let count = Int.random(in: 0...20, using: &random)
            let text = (0..<count).map { _ in words.randomElement(using: &random) ?? "" }.joined(
                separator: Bool.random() ? " " : "")
            do throws(FilterFault) {
                _ = try Self.parse(text)
            } catch {
                #expect((1...text.unicodeScalars.count + 1).contains(error.position), "\(text)")
            }
        }
    }
}
