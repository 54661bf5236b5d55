import Foundation
import TestSupport
import Testing

@testable import Areas

/// Files with flipped, missing and repeated bytes: each is read, or refused with an `AreaError`, and nothing traps.
struct MutationTests {
    private typealias Made = MadeShapefile

    private static let geoJSON =
        #"{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"EPSG:4326"}},"features":[{"type":"#
        + #""Feature","id":1,"properties":{"a":"\u00e9\ud83d\ude00","b":[1,{"c":-2.5e3}],"d":true,"e":null},"#
        + #""geometry":"#
        + #"{"type":"MultiPolygon","coordinates":[[[[0,0],[179,0],[-179,1],[0,0]],"#
        + #"[[1,0.1],[2,0.2],[2,0.1],[1,0.1]]]]}},"#
        + #"{"type":"Feature","properties":null,"geometry":{"type":"GeometryCollection","geometries":[{"type":"Point","#
        + #""coordinates":[1,2]}]}}]}"#
    private static let kml =
        #"<?xml version="1.0"?><kml xmlns:k="x"><Schema><SimpleField type="int" name="p"/></Schema><Placemark id="1">"#
        + "<name>a&amp;b</name><ExtendedData><Data name=\"c\"><value>1</value></Data>"
        + "<SimpleData name=\"p\">7</SimpleData></ExtendedData>"
        + "<k:MultiGeometry><Polygon><outerBoundaryIs><LinearRing><coordinates>0,0 2,0 2,2 0,0"
        + "</coordinates></LinearRing></outerBoundaryIs></Polygon></k:MultiGeometry></Placemark></kml>"
    private static let shapes = Made.shapes([
        Made.polygon([rectangle(0, 0, 9, 9).reversed(), rectangle(1, 1, 2, 2)]), Made.little(0),
        Made.polygon([rectangle(170, 0, 190, 9).reversed()]),
    ])
    private static let table = Made.table(
        [.init(name: "N", type: "C", length: 4), .init(name: "V", type: "N", length: 4)],
        [Made.row("abcd", "  12"), Made.row("e   ", "    "), Made.row("\u{E9}  ", "1e+3", isDeleted: true)])

    private static func mutated(_ bytes: [UInt8], _ random: inout SplitMix) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<Int.random(in: 1...4, using: &random) where !bytes.isEmpty {
            let place = Int.random(in: 0..<bytes.count, using: &random)
            switch Int.random(in: 0..<5, using: &random) {
            case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            case 1: bytes[place] = [0, 0x7F, 0x80, 0xFF, 0x22, 0x5B].randomElement(using: &random) ?? 0
            case 2: bytes.removeSubrange(place..<min(bytes.count, place + Int.random(in: 1...8, using: &random)))
            case 3:
                let end = min(bytes.count, place + Int.random(in: 1...40, using: &random))
                bytes.insert(contentsOf: Array(bytes[place..<end]), at: place)
            default: bytes.removeSubrange(place...)
            }
        }
        return bytes
    }

    @Test(arguments: ["a.geojson", "a.kml", "a.shp", "a.dbf", "a.shx", "a.zip"])
    func damagedFilesAreReadOrRefused(name: String) throws {
        let files = try MadeFiles()
        var limits = AreaLimits()
        limits.mostVertices = 10_000
        limits.mostUnpackedBytes = 1 << 20
        let index = Made.index([(100, 48 + 176), (332, 4)])
        let whole: [String: [UInt8]] = [
            "a.geojson": Array(Self.geoJSON.utf8), "a.kml": Array(Self.kml.utf8), "a.shp": Self.shapes,
            "a.dbf": Self.table, "a.shx": index, "a.zip": Self.stored("a.geojson", Array(Self.geoJSON.utf8)),
        ]
        let opened = ["a.dbf", "a.shx"].contains(name) ? "a.shp" : name
        if opened == "a.shp" {
            try files.write("a.shp", Self.shapes)
            try files.write("a.dbf", Self.table)
        }
        // Undamaged, it is read.
        let original = try #require(whole[name])
        if name != "a.shx" { try files.write(name, original) }
        #expect(try files.records(opened, limits: limits).count >= 1)
        var random = SplitMix(state: 20_261_130)
        var read = 0
        for _ in 0..<1500 {
            try files.write(name, Self.mutated(original, &random))
            do throws(AreaError) {
                let reader = try AreaReader(
                    AreaFile(path: files.path(opened), limits: limits), crs: opened == "a.shp" ? "EPSG:4326" : nil)
                while try reader.next() != nil {}
                read += 1
            } catch {
                // Only an `AreaError` can be thrown, which the compiler knows.
                #expect(!error.problem.isEmpty)
            }
        }
        // Not everything is refused: letters of a text may be any others.
        #expect(read > 10)
    }

    /// A zip archive with one member that is not compressed (APPNOTE.TXT 6.3.10).
    private static func stored(_ name: String, _ content: [UInt8]) -> [UInt8] {
        func short(_ value: Int) -> [UInt8] { [UInt8(value & 255), UInt8(value >> 8)] }
        var checksum: UInt32 = 0xFFFF_FFFF
        for byte in content {
            checksum ^= UInt32(byte)
            for _ in 0..<8 { checksum = checksum >> 1 ^ (checksum & 1 == 1 ? 0xEDB8_8320 : 0) }
        }
        let common =
            short(20) + short(0) + short(0) + [0, 0, 0, 0] + withUnsafeBytes(of: ~checksum) { Array($0) }
            + Made.little(content.count) + Made.little(content.count) + short(name.utf8.count) + short(0)
        let local = [0x50, 0x4B, 3, 4] + common + Array(name.utf8) + content
        let central =
            [0x50, 0x4B, 1, 2] + short(20) + common + short(0) + short(0) + short(0) + Made.little(0) + Made.little(0)
            + Array(name.utf8)
        return local + central + [0x50, 0x4B, 5, 6] + short(0) + short(0) + short(1) + short(1)
            + Made.little(central.count) + Made.little(local.count) + short(0)
    }
}
