import Domain
import Foundation
import Testing

@testable import Feeds

/// Names of places that stand for points.
@Suite struct PlaceTests {
    private static let yaml = """
        event_type: {constant: burglary}
        time: {column: when}
        coordinates: {place: area, places: places.csv}
        attributes: {columns: [area]}
        """
    private static let table =
        "Longitude, place ,note,latitude\n174.5,Cape Rodney.,a,-36.1\n"
        + "172.6,0284305,,-43.5\n-179.5,\"Chatham, I\",,-44\n0,Nowhere,,0\n"

    /// Passes a mapping in a temporary folder, next to the table of places if there is one.
    private static func withMapping<Output>(
        _ yaml: String, table: String?, _ body: (String) async throws -> Output
    ) async throws -> Output {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let mapping = folder.appending(path: "mapping.yaml")
        try Data(yaml.utf8).write(to: mapping)
        try table.map { try Data($0.utf8).write(to: folder.appending(path: "places.csv")) }
        return try await body(mapping.path)
    }

    private static func load(_ path: String, places: String? = nil) throws -> Mapping {
        try Mapping.load(path, builtInDirectory: BuiltIn.directory, places: places)
    }

    @Test func aNameBecomesThePointThatTheTableHasForIt() async throws {
        let text =
            "when,area\n2021-03-04,cape rodney\n2021-03-04,CAPE RODNEY.\n"
            + "2021-03-04,284305\n2021-03-04,\"Chatham, I.\"\n"
        let outcome = try await Self.withMapping(Self.yaml, table: Self.table) {
            try await ingest(text, by: try Self.load($0))
        }
        #expect(await outcome.sink.rows.map(\.longitude) == [174.5, 174.5, 172.6, -179.5])
        #expect(await outcome.sink.rows.map(\.latitude) == [-36.1, -36.1, -43.5, -44])
        #expect(await outcome.sink.rows.first?.attributes == #"{"area":"cape rodney"}"#)
    }

    /// The first two records are of the city's own, shortened; the days by Python's zoneinfo.
    @Test func violationsOfTheBuildingCodeGetTheirPlacesByTheNumberOfTheBuilding() async throws {
        func record(_ id: String, _ bin: String, _ day: String, _ type: String) -> String {
            #"{"isn_dob_bis_viol":"\#(id)","boro":"1","bin":"\#(bin)","block":"00790","lot":"00009","#
                + #""issue_date":"\#(day)","violation_type_code":"\#(type)","violation_number":"171810","#
                + #""violation_category":"V-DOB VIOLATION - ACTIVE"}"#
        }
        let text = [
            record("493111", "1014517", "19970916", "LL6291"), record("2015519", "1089033", "20151002", "E"),
            record("3", "1079648", "20151002", "E"), record("4", "1014517", "000000", "E"),
            record("5", "1014517", "Y9990120", "E"), "",
        ].joined(separator: "\n")
        let table = "\"place\",\"longitude\",\"latitude\"\n\"1014517\",\"-73.999\",\"40.737\"\n1089033,-73.955,40.769\n"
        let outcome = try await Self.withMapping("", table: table) { path in
            let places = URL(filePath: path).deletingLastPathComponent().appending(path: "places.csv").path
            return try await ingest(text, by: try Self.load("nyc-dob-violations", places: places))
        }
        let rows = await outcome.sink.rows
        #expect(rows.map(\.longitude) == [-73.999, -73.955])
        #expect(rows.map(\.latitude) == [40.737, 40.769])
        #expect(rows.map(\.timestamp) == [874_382_400_000_000, 1_443_758_400_000_000])
        let reasons = await outcome.sink.rejections.map { String($0.split(separator: " ")[1]) }
        #expect(reasons.first == "unknown_place")
        #expect(reasons.count == 3)
        // Without a file all of them wait as dead letters.
        let without = try await ingest(text, by: try BuiltIn.mapping("nyc-dob-violations"))
        #expect(without.counts.accepted == 0)
        #expect(without.counts.rejected == 5)
    }

    @Test func whatTheTableCannotTellIsADeadLetterWithTheReason() async throws {
        let text = "when,area\n2021-03-04,Atlantis\n2021-03-04,\n2021-03-04,Nowhere\n2021-03-04,0284305\n"
        let yaml = Self.yaml.replacing("places.csv}", with: "places.csv, bounds: [173, -50, -170, -30]}")
        let outcome = try await Self.withMapping(yaml, table: Self.table) {
            try await ingest(text, by: try Self.load($0))
        }
        #expect(
            await outcome.sink.rejections == [
                "2 unknown_place", "3 missing_value", "4 null_island", "5 out_of_bounds",
            ])
    }

    @Test func aMissingTableIsAnErrorUnlessTheMappingCanDoWithoutIt() async throws {
        try await Self.withMapping(Self.yaml, table: nil) { path in
            let error = #expect(throws: FeedError.self) { try Self.load(path) }
            #expect(error?.line == 3)
            #expect(error?.problem.contains("there is no file places.csv") == true)
        }
        let optional = Self.yaml.replacing("places.csv}", with: "places.csv, optional: true}")
        let outcome = try await Self.withMapping(optional, table: nil) {
            try await ingest("when,area\n2021-03-04,Cape Rodney\n", by: try Self.load($0))
        }
        #expect(outcome.counts.rejects?.byReason == ["unknown_place": 1])
        #expect(outcome.counts.accepted == 0)
    }

    @Test func anotherTableMayTakeItsPlace() async throws {
        let outcome = try await Self.withMapping(Self.yaml, table: Self.table) { path in
            try await withFile(Array("place,longitude,latitude\nCape Rodney,1,2\n".utf8)) { table in
                try await ingest("when,area\n2021-03-04,Cape Rodney\n", by: try Self.load(path, places: table.path))
            }
        }
        #expect(await outcome.sink.rows.map(\.longitude) == [1])
        #expect(throws: FeedError.self) { try Self.load("canonical", places: "places.csv") }
    }

    @Test(arguments: [
        ("place,longitude\na,1\n", 1, "there is no latitude"), ("place,longitude,latitude\na,1\n", 2, "2 fields"),
        ("place,longitude,latitude\na,1,2\nb,181,2\n", 3, "longitude \"181\""),
        ("place,longitude,latitude\na,1,north\n", 2, "latitude \"north\""),
        ("place,longitude,latitude\n,1,2\n", 2, "blank"),
        ("place,longitude,latitude\na,1,2\nb,1,2\nA.,1,3\n", 4, "occurs before"),
        ("place,longitude,latitude\n0,1,2\n00,1,3\n", 3, "occurs before"),
    ])
    func aTableThatCannotBeUsedIsRefusedWithItsLine(_ table: String, _ line: Int, _ problem: String) async throws {
        try await Self.withMapping(Self.yaml, table: table) { path in
            let error = #expect(throws: FeedError.self) { try Self.load(path) }
            #expect(error?.line == line)
            #expect(error?.problem.contains(problem) == true, "\(String(describing: error))")
        }
    }

    @Test(arguments: [
        ("place: a", "coordinates.places: is missing"), ("places: p.csv", "coordinates.place: is missing"),
        ("place: a, places: p.csv, longitude: x", "cannot be combined with place:"),
        ("place: a, places: p.csv, crs: \"EPSG:2193\"", "cannot be combined with place:"),
    ])
    func faultsNameTheKey(_ coordinates: String, _ problem: String) {
        let error = #expect(throws: FeedError.self) {
            try Mapping(
                yaml: "event_type: {constant: a}\ntime: {column: t}\ncoordinates: {\(coordinates)}\n", file: "m.yaml")
        }
        #expect(error?.line == 3)
        #expect(error?.problem.contains(problem) == true, "\(String(describing: error))")
    }

    /// Spellings of the month in known exports.
    @Test(arguments: ["201903", "March 2019", "Mar-19", "1/03/2019", "3/01/2019", "01/3/2019"])
    func theMonthOfTheTimeAndPlaceExportIsReadHoweverItIsWritten(_ month: String) async throws {
        let header =
            "ANZSOC Group\tArea Unit\tTerritorial Authority\tOccurrence Day Of Week\tOccurrence Hour Of Day\t"
            + "Victimisations\tYear Month\r\n"
        let text = header + "Theft\tYaldhurst.\tChristchurch City.\tUNKNOWN\t99\t2\t\(month)\r\n"
        let utf16: [UInt8] = [0xFF, 0xFE] + text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        let outcome = try await withFile(Array("place,longitude,latitude\nYaldhurst,172.5,-43.5\n".utf8)) { table in
            try await ingest(utf16, by: try Self.load("nz-time-and-place", places: table.path))
        }
        // 2019-03-01 00:00 in Auckland, which was 13 hours ahead of UTC.
        #expect(await outcome.sink.rows.map(\.timestamp) == [1_551_351_600_000_000, 1_551_351_600_000_000])
        #expect(await outcome.sink.rows.map(\.rowNumber) == [1, 1])
    }
}
