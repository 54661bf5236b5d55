import Formats
import Testing

@testable import Areas

struct KMLTests {
    private static func document(_ placemarks: String) -> String {
        #"<?xml version="1.0"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document>\#(placemarks)</Document></kml>"#
    }

    private func records(_ text: String) throws -> [AreaRecord] {
        let files = try MadeFiles()
        try files.write("a.kml", text)
        return try files.records("a.kml")
    }

    private func error(_ text: String) throws -> AreaError {
        let files = try MadeFiles()
        try files.write("a.kml", text)
        return try #require(files.error("a.kml"))
    }

    private static let square = "0,0,5 2,0,5\n\t2,1,5 0,1,5 0,0,5"
    private static let hole = "0.5,0.25 0.5,0.5 1,0.5 0.5,0.25"

    @Test func placemarksAreRecords() throws {
        let found = try records(
            Self.document(
                """
                <Schema id="s"><SimpleField type="int" name="pop"/><SimpleField type="double" name="km2"/></Schema>
                <name>Not of a record</name>
                <Folder><name>Nor this</name><Placemark id="p1"><name> North &amp; South </name>
                <Style><LineStyle><color>ff</color></LineStyle></Style>
                <description><![CDATA[<b>bold</b>]]></description>
                <ExtendedData><Data name="code"><displayName>x</displayName><value>007</value></Data>
                <SchemaData schemaUrl="#s"><SimpleData name="pop">12</SimpleData><SimpleData name="km2">1.5</SimpleData>
                </SchemaData></ExtendedData>
                <Polygon><outerBoundaryIs><LinearRing><coordinates>\(Self.square)</coordinates></LinearRing>
                </outerBoundaryIs><innerBoundaryIs><LinearRing><coordinates>\(Self.hole)</coordinates></LinearRing>
                </innerBoundaryIs></Polygon></Placemark></Folder>
                <Placemark><Point><coordinates>1,2</coordinates></Point></Placemark>
                <Placemark><name>no place</name></Placemark>
                """))
        let hole = [Position(0.5, 0.25), Position(0.5, 0.5), Position(1, 0.5), Position(0.5, 0.25)]
        #expect(found.count == 3)
        #expect(found[0].id == .text("p1"))
        #expect(found[0].geometry == .polygon(Polygon(rectangle(0, 0, 2, 1), holes: [hole])))
        #expect(
            found[0].properties == [
                .init("name", .text("North & South")), .init("description", .text("<b>bold</b>")),
                .init("code", .text("007")), .init("pop", .integer(12)), .init("km2", .number(1.5)),
            ])
        #expect(found[1].geometry == .point(Position(1, 2)))
        #expect(found[2].geometry == nil)
    }

    @Test func geometriesOfOneTypeAreJoined() throws {
        let ring = "<LinearRing><coordinates>\(Self.square)</coordinates></LinearRing>"
        let polygon = "<Polygon><outerBoundaryIs>\(ring)</outerBoundaryIs></Polygon>"
        let line = "<LineString><coordinates>1,2 3,4</coordinates></LineString>"
        let found = try records(
            Self.document(
                """
                <Placemark><MultiGeometry>\(polygon)<MultiGeometry>\(polygon)</MultiGeometry></MultiGeometry></Placemark>
                <Placemark><MultiGeometry>\(polygon)\(polygon)</MultiGeometry></Placemark>
                <Placemark><MultiGeometry>\(line)\(line)</MultiGeometry></Placemark>
                <Placemark><MultiGeometry>\(polygon)\(line)</MultiGeometry></Placemark>
                """))
        let square = Polygon(rectangle(0, 0, 2, 1))
        let positions = [Position(1, 2), Position(3, 4)]
        #expect(found[0].geometry == .collection([.polygon(square), .polygons([square])]))
        #expect(found[1].geometry == .polygons([square, square]))
        #expect(found[2].geometry == .lines([positions, positions]))
        #expect(found[3].geometry == .collection([.polygon(square), .line(positions)]))
    }

    /// The text of a coordinates element comes in pieces, whose ends fall within numbers.
    @Test func coordinatesLongerThanABlockAreWhole() throws {
        let count = 20_000
        let text = (0..<count).map { "\(Double($0) / 1000),\(Double($0 % 90))" }.joined(separator: " ")
        let found = try records(
            Self.document("<Placemark><LineString><coordinates>\(text)</coordinates></LineString></Placemark>"))
        guard case .line(let line) = found[0].geometry else {
            Issue.record("not a line")
            return
        }
        #expect(line == (0..<count).map { Position(Double($0) / 1000, Double($0 % 90)) })
    }

    @Test(arguments: [
        ("<Placemark><Point><coordinates>1;2</coordinates></Point></Placemark>", "\"1;2\", which is not"),
        ("<Placemark><Point><coordinates>1,2,3,4</coordinates></Point></Placemark>", "which is not"),
        ("<Placemark><Point><coordinates>1, 2</coordinates></Point></Placemark>", "which is not"),
        ("<Placemark><Point>", "is not XML from line 1"),
        ("<Placemark><Placemark/></Placemark>", "within another one"),
        (
            "<Placemark><Polygon><outerBoundaryIs><LinearRing><coordinates>1,2 3,4</coordinates></LinearRing>"
                + "</outerBoundaryIs></Polygon></Placemark>", "outer ring has fewer than four positions"
        ),
    ])
    func brokenPlacemarksAreRefusedWithTheirNumber(text: String, problem: String) throws {
        let whole = "<Placemark><Point><coordinates>1,2</coordinates></Point></Placemark>"
        let error = try error(Self.document(whole + text))
        #expect(error.record == 2)
        #expect(error.problem.contains(problem))
    }

    /// "é" is E9 in Windows-1252 and 82 in code page 850.
    @Test(arguments: [("windows-1252", 0xE9), ("cp850", 0x82), ("iso-8859-15", 0xE9)] as [(String, UInt8)])
    func theEncodingOfTheDeclarationIsObeyed(encoding: String, byte: UInt8) throws {
        let files = try MadeFiles()
        let start = "<?xml version='1.0' encoding='\(encoding)'?><kml><Placemark><name>caf"
        try files.write("a.kml", Array(start.utf8) + [byte] + Array("</name></Placemark></kml>".utf8))
        #expect(try files.records("a.kml")[0].properties == [.init("name", .text("café"))])
    }

    @Test func otherXMLIsNotKML() throws {
        #expect(try error("<html><body/></html>").problem == "is XML, but its outermost element is not kml")
    }

    @Test func aDocumentTypeIsRefusedSoThatEntitiesCannotGrow() throws {
        let entities = #"<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>"#
        #expect(try error(entities + Self.document("<name>&b;</name>")).problem.contains("DOCTYPE"))
    }

    @Test func commentsAreBounded() throws {
        let comment = "<!--" + String(repeating: "x", count: 3 << 20) + "-->"
        #expect(try error(Self.document(comment)).problem == "has a tag or comment of more than 1048576 bytes")
    }

    @Test func nestingIsBounded() throws {
        let deep = String(repeating: "<Folder>", count: 500)
        #expect(try error(Self.document(deep)).problem.contains("nested deeper than 32 levels"))
    }
}
