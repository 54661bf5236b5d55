import Formats
import Testing

@testable import Areas

struct ShapefileTests {
    private typealias Made = MadeShapefile

    private static let square = Made.polygon([rectangle(0, 0, 2, 2).reversed()])
    private static let triangle = [Position(5, 5), Position(5, 6), Position(6, 6), Position(5, 5)]

    @Test func shapesAndRowsAreRecords() throws {
        let files = try MadeFiles()
        let holed = Made.polygon([
            rectangle(0, 0, 9, 9).reversed(), rectangle(1, 1, 2, 2), rectangle(20, 0, 21, 1).reversed(),
        ])
        try files.write("a.shp", Made.shapes([Self.square, Made.little(0), holed]))
        try files.write(
            "a.dbf",
            Made.table(
                [.init(name: "NAME", type: "C", length: 6), .init(name: "POP", type: "N", length: 4)],
                [Made.row("North ", "  12"), Made.row("none  ", "    "), Made.row("South ", "****")]))
        let records = try files.records("a.shp")
        #expect(records.map(\.number) == [1, 2, 3])
        #expect(records[0].geometry == .polygon(Polygon(rectangle(0, 0, 2, 2).reversed())))
        #expect(records[1].geometry == nil)
        #expect(
            records[2].geometry
                == .polygons([
                    Polygon(rectangle(0, 0, 9, 9).reversed(), holes: [rectangle(1, 1, 2, 2)]),
                    Polygon(rectangle(20, 0, 21, 1).reversed()),
                ]))
        #expect(records[0].properties == [.init("NAME", .text("North")), .init("POP", .integer(12))])
        #expect(records[1].properties == [.init("NAME", .text("none")), .init("POP", .null)])
        #expect(records[2].properties == [.init("NAME", .text("South")), .init("POP", .null)])
    }

    @Test func heightsAndMeasuresAreLeftOut() throws {
        let files = try MadeFiles()
        let numbers = [UInt8](repeating: 0, count: 16 + 8 * 4)
        let withHeights = Made.polygon([Self.triangle], type: 15, after: numbers + numbers)
        let withMeasures = Made.polygon([Self.triangle], type: 25, after: numbers)
        let point = Made.little(11) + Made.double(3) + Made.double(4) + Made.double(99) + Made.double(0)
        try files.write("z.shp", Made.shapes([withHeights, withMeasures, point], type: 15))
        let records = try files.records("z.shp")
        #expect(records[0].geometry == .polygon(Polygon(Self.triangle)))
        #expect(records[1].geometry == .polygon(Polygon(Self.triangle)))
        #expect(records[2].geometry == .point(Position(3, 4)))
    }

    /// The index lists the second shape first, and leaves out the one between.
    @Test func theIndexSaysWhereShapesAre() throws {
        let files = try MadeFiles()
        let first = Made.polygon([Self.triangle])
        try files.write("i.shp", Made.shapes([first, Self.square, first]))
        let length = 8 + first.count
        let second = 100 + length
        try files.write(
            "i.shx",
            Made.index([
                (second + 8 + Self.square.count, first.count), (second, Self.square.count),
            ]))
        let records = try files.records("i.shp")
        #expect(records.map(\.geometry?.vertexCount) == [4, 5])
    }

    @Test func deletedRowsAreLeftOutAndCounted() throws {
        let files = try MadeFiles()
        try files.write("d.shp", Made.shapes([Self.square, Self.square, Self.square]))
        try files.write(
            "d.dbf",
            Made.table(
                [.init(name: "ID", type: "C", length: 1)],
                [Made.row("a"), Made.row("b", isDeleted: true), Made.row("c")]))
        let reader = try AreaFile(path: files.path("d.shp")).open()
        var ids: [PropertyValue?] = []
        while let record = try reader.next() { ids.append(record.properties.first?.value) }
        #expect(ids == [.text("a"), .text("c")])
        #expect(reader.notes == ["1 record marked as deleted in the .dbf file: left out."])
    }

    @Test func valuesHaveTheTypesOfTheirFields() throws {
        let files = try MadeFiles()
        try files.write("t.shp", Made.shapes([Self.square, Self.square]))
        let fields: [MadeShapefile.Field] = [
            .init(name: "whole", type: "N", length: 5), .init(name: "real", type: "N", length: 8, decimals: 3),
            .init(name: "float", type: "F", length: 10, decimals: 3), .init(name: "truth", type: "L", length: 1),
            .init(name: "day", type: "D", length: 8), .init(name: "memo", type: "M", length: 4),
            .init(name: "int", type: "I", length: 4), .init(name: "double", type: "O", length: 8),
        ]
        try files.write(
            "t.dbf",
            Made.table(
                fields,
                [
                    Made.row("   -7", "   1.500", " 1.2e+003 ", "T", "20140228", "   1") + Made.little(-3)
                        + Made.double(0.1),
                    Made.row("  abc", "        ", "**********", "?", "00000000", "    ") + Made.little(0)
                        + Made.double(.nan),
                ]))
        let reader = try AreaFile(path: files.path("t.shp")).open()
        let first = try #require(try reader.next()).properties.map(\.value)
        #expect(
            first == [
                .integer(-7), .number(1.5), .number(1200), .truth(true), .text("2014-02-28"), .null, .integer(-3),
                .number(0.1),
            ])
        let second = try #require(try reader.next()).properties.map(\.value)
        #expect(second == [.null, .null, .null, .null, .null, .null, .integer(0), .null])
        #expect(try reader.next() == nil)
        #expect(reader.notes == ["1 values of whole are not what its type says: left out."])
    }

    /// The bytes of "é" and "Ж" are those of unicode.org, MAPPINGS.
    @Test(
        arguments: [
            (nil, 0, [0xC3, 0xA9], "é"), (nil, 0, [0xE9, 0x20], "é"), (nil, 0x57, [0xE9, 0x20], "é"),
            (nil, 0x02, [0x82, 0x20], "é"), (nil, 0xC9, [0xC6, 0x20], "Ж"), ("1251", 0x57, [0xC6, 0x20], "Ж"),
            ("UTF-8", 0x57, [0xC3, 0xA9], "é"), ("ISO 8859-1", 0, [0xE9, 0x20], "é"),
            ("88591\n", 0, [0xE9, 0x20], "é"),
            ("ANSI 1252", 0, [0x80, 0x20], "€"), ("ISO-8859-15", 0, [0xA4, 0x20], "€"),
            ("OEM 850", 0, [0x82, 0x20], "é"),
            ("LDID/87", 0, [0xE9, 0x20], nil), ("932", 0, [0x82, 0xA0], nil),
        ] as [(String?, UInt8, [UInt8], String?)])
    func textsHaveTheEncodingThatTheFileStates(
        codePage: String?, languageDriver: UInt8, bytes: [UInt8], expected: String?
    ) throws {
        let files = try MadeFiles()
        try files.write("e.shp", Made.shapes([Self.square]))
        try files.write(
            "e.dbf",
            Made.table([.init(name: "N", type: "C", length: 2)], [[0x20] + bytes], languageDriver: languageDriver))
        if let codePage { try files.write("e.cpg", codePage) }
        guard let expected else {
            #expect(files.error("e.shp")?.problem.contains("convert the .dbf file to UTF-8") == true)
            return
        }
        #expect(try files.records("e.shp")[0].properties == [.init("N", .text(expected))])
    }

    @Test func textsMayBeLongerThan255Bytes() throws {
        let files = try MadeFiles()
        try files.write("l.shp", Made.shapes([Self.square]))
        let text = String(repeating: "x", count: 600)
        try files.write("l.dbf", Made.table([.init(name: "N", type: "C", length: 600)], [Made.row(text)]))
        #expect(try files.records("l.shp")[0].properties == [.init("N", .text(text))])
    }

    @Test func endingsMayBeInUpperCase() throws {
        let files = try MadeFiles()
        try files.write("UP.SHP", Made.shapes([Self.square]))
        try files.write("UP.DBF", Made.table([.init(name: "N", type: "C", length: 1)], [Made.row("y")]))
        try files.write("UP.PRJ", "GEOGCS[...]")
        let reader = try AreaFile(path: files.path("UP.SHP")).open()
        #expect(reader.reference == "GEOGCS[...]")
        #expect(try reader.next()?.properties == [.init("N", .text("y"))])
    }

    // MARK: Broken files

    @Test func aFileThatIsCutShortNamesTheRecord() throws {
        let files = try MadeFiles()
        let whole = Made.shapes([Self.square, Self.square, Self.square])
        try files.write("c.shp", Array(whole.dropLast(10)))
        let error = try #require(files.error("c.shp"))
        #expect(error.record == 3)
        #expect(error.code == .damaged)
    }

    @Test(
        arguments: [
            (MadeShapefile.little(5), "ends too early"), (MadeShapefile.little(7) + [0, 0], "shape type 7"),
            (
                MadeShapefile.little(5) + [UInt8](repeating: 0, count: 32) + MadeShapefile.little(1 << 30)
                    + MadeShapefile.little(1), "more than 100000 parts"
            ),
            (
                MadeShapefile.little(5) + [UInt8](repeating: 0, count: 32) + MadeShapefile.little(1)
                    + MadeShapefile.little(1 << 30), "more than 8000000 vertices"
            ),
            (
                MadeShapefile.little(5) + [UInt8](repeating: 0, count: 32) + MadeShapefile.little(1)
                    + MadeShapefile.little(-4), "more than 8000000 vertices"
            ),
            (
                MadeShapefile.little(5) + [UInt8](repeating: 0, count: 32) + MadeShapefile.little(1)
                    + MadeShapefile.little(4) + MadeShapefile.little(5), "ends too early"
            ),
            (
                MadeShapefile.polygon([[Position(.nan, 0), Position(1, 0), Position(1, 1), Position(.nan, 0)]]),
                "not a number"
            ),
        ] as [([UInt8], String)])
    func aDamagedShapeIsRefusedWithItsNumber(content: [UInt8], problem: String) throws {
        let files = try MadeFiles()
        try files.write("b.shp", Made.shapes([Self.square, content]))
        let error = try #require(files.error("b.shp"))
        #expect(error.record == 2)
        #expect(error.problem.contains(problem))
    }

    @Test func partsThatRunBackwardsAreRefused() throws {
        let files = try MadeFiles()
        var content = Made.polygon([rectangle(0, 0, 1, 1), rectangle(2, 2, 3, 3)])
        content.replaceSubrange(48..<52, with: Made.little(40))
        try files.write("p.shp", Made.shapes([content]))
        #expect(files.error("p.shp")?.problem == "has parts that do not begin within its 10 vertices")
    }

    @Test func aTableWithFewerRowsThanShapesNamesTheMissingOne() throws {
        let files = try MadeFiles()
        try files.write("m.shp", Made.shapes([Self.square, Self.square]))
        try files.write("m.dbf", Made.table([.init(name: "N", type: "C", length: 1)], [Made.row("y")]))
        let error = try #require(files.error("m.shp"))
        #expect(error.description.hasSuffix("m.dbf: record 2: is missing: the .dbf file has 1 rows"))
    }

    @Test func anIndexBeyondTheShapesNamesTheRecord() throws {
        let files = try MadeFiles()
        try files.write("x.shp", Made.shapes([Self.square]))
        try files.write("x.shx", Made.index([(100, Self.square.count), (1 << 20, 50)]))
        let error = try #require(files.error("x.shp"))
        #expect(error.record == 2)
        #expect(error.problem.contains("delete it"))
    }

    @Test func partsOfAShapefileAreNamedForWhatTheyAre() throws {
        let files = try MadeFiles()
        try files.write("q.dbf", Made.table([.init(name: "N", type: "C", length: 1)], [Made.row("y")]))
        #expect(files.error("q.dbf")?.problem == "is a part of a shapefile; give the .shp file instead")
        try files.write("q.shx", Made.index([]))
        #expect(files.error("q.shx")?.problem == "is the index of a shapefile; give the .shp file instead")
    }
}
