import Domain
import Testing

@testable import Feeds

/// Events whose place is an area of a layer.
@Suite struct AreaPlaceTests {
    private static let points = [
        AreaPoint(id: "0135201", name: "Cape Rodney", longitude: 174.5, latitude: -36.1),
        AreaPoint(id: "0135300", name: "Avon Loop", longitude: 172.6, latitude: -43.5),
        AreaPoint(id: "0135400", name: "avon loop", longitude: 172.7, latitude: -43.6),
        AreaPoint(id: "X1", name: "Oceanic", longitude: 179.9, latitude: -40),
    ]

    private static func mapping(_ area: String, _ more: String = "", take points: [AreaPoint]? = points) throws
        -> Mapping
    {
        var mapping = try Mapping(
            yaml: """
                event_type: {constant: burglary}
                time: {column: when}
                coordinates: \(area)
                \(more)
                """, file: "test.yaml")
        try mapping.take(points)
        return mapping
    }

    private static let header = "when,place,n\n"

    private static func rows(_ places: [String]) -> String {
        header + places.map { "2021-03-04,\($0),1\n" }.joined()
    }

    /// Spreadsheets drop leading zeros, and codes may have letters.
    @Test func anIdIsFoundWithOrWithoutItsLeadingZeros() async throws {
        let mapping = try Self.mapping("{area: {layer: meshblocks, column: place}}")
        let outcome = try await ingest(Self.rows(["0135201", "135201", "x1", "135299", ""]), by: mapping)
        #expect(await outcome.sink.rows.map(\.longitude) == [174.5, 174.5, 179.9])
        #expect(await outcome.sink.rows.map(\.latitude) == [-36.1, -36.1, -40])
        #expect(await outcome.sink.rejections == ["5 unknown_place", "6 missing_value"])
        #expect(
            await outcome.sink.deadLetters.first?.detail
                == "column \"place\": \"135299\" is not in the area layer meshblocks")
    }

    @Test func aNameIsFoundUnlessSeveralAreasHaveIt() async throws {
        let mapping = try Self.mapping("{area: {layer: units, column: place, by: name}}")
        let outcome = try await ingest(Self.rows(["cape rodney.", "Avon Loop", "0135201"]), by: mapping)
        #expect(await outcome.sink.rows.map(\.longitude) == [174.5])
        #expect(await outcome.sink.rejections == ["3 unknown_place", "4 unknown_place"])
        #expect(await outcome.sink.deadLetters.first?.detail.contains("several areas") == true)
    }

    /// An event says that its place is no more than that of its area.
    @Test func anEventIsMarkedAsPlacedAtAnArea() async throws {
        for (more, attributes) in [
            ("", #"{"placement":"area:units"}"#),
            ("attributes: {columns: [n]}", #"{"n":"1","placement":"area:units"}"#),
            (
                "attributes: {columns: all, constants: {a: b}}",
                #"{"place":"X1","n":"1","a":"b","placement":"area:units"}"#
            ),
        ] {
            let mapping = try Self.mapping("{area: {layer: units, column: place}}", more)
            let outcome = try await ingest(Self.rows(["X1"]), by: mapping)
            #expect(await outcome.sink.rows.map(\.attributes) == [attributes])
        }
    }

    @Test(arguments: [
        "attributes: {columns: {placement: n}}", "attributes: {json: n}", "attributes: {constants: {placement: x}}",
    ])
    func anAttributeOfTheSameNameIsRefused(_ more: String) {
        let error = #expect(throws: FeedError.self) {
            try Self.mapping("{area: {layer: units, column: place}}", more)
        }
        #expect(error?.problem.contains("placement") == true)
    }

    @Test func aLayerThatIsMissingIsNamedWithTheCommandThatMakesIt() throws {
        let error = #expect(throws: FeedError.self) {
            try Self.mapping("{area: {layer: meshblocks, column: place}}", take: nil)
        }
        #expect(error?.line == 3)
        #expect(error?.problem.contains("hextant areas import FILE --layer meshblocks") == true)
    }

    @Test func aMappingThatCanDoWithoutTheLayerMakesDeadLetters() async throws {
        let mapping = try Self.mapping("{area: {layer: units, column: place}, optional: true}", take: nil)
        let outcome = try await ingest(Self.rows(["X1"]), by: mapping)
        #expect(await outcome.sink.rejections == ["2 unknown_place"])
        #expect(await outcome.sink.deadLetters.first?.detail.contains("no area layer units") == true)
    }

    @Test(arguments: [
        ("{area: {layer: Units, column: place}}", "must be a slug"), ("{area: {layer: units}}", "column"),
        ("{area: {layer: units, column: place, by: code}}", "must be id or name"),
        ("{area: {layer: units, column: place}, longitude: a}", "cannot be combined with area"),
        ("{area: {layer: units, column: place}, place: a}", "cannot be combined with area"),
    ])
    func aFaultOfTheRuleIsNamed(_ area: String, _ words: String) {
        let error = #expect(throws: FeedError.self) { try Self.mapping(area) }
        #expect(error?.problem.contains(words) == true, "\(String(describing: error))")
    }

    /// A file of places that somebody names comes before the layer.
    @Test func aFileOfPlacesMayTakeTheLayersPlace() async throws {
        let mapping = try await withFile(Array("place,longitude,latitude\nCape Rodney,1,2\n".utf8)) { table in
            try Mapping.load("nz-victimisations-area-unit", builtInDirectory: BuiltIn.directory, places: table.path)
        }
        #expect(mapping.areaLayer == nil)
        let outcome = try await ingest(
            "area_unit,anzsoc_group,victimisations\nCape Rodney,Theft,2\nAvon Loop,Theft,1\n", by: mapping)
        #expect(await outcome.sink.rows.map(\.longitude) == [1, 1])
        #expect(await outcome.sink.rows.first?.attributes == #"{"area_unit":"Cape Rodney"}"#)
        #expect(await outcome.sink.rejections == ["3 unknown_place"])
    }

    /// A record stands for as many events as it counts; a count that the source keeps secret is told apart from a
    /// count that is wrong.
    @Test func everyCountIsExplained() async throws {
        let mapping = try Self.mapping(
            "{area: {layer: units, column: place}}", "count: {column: n, suppressed: [\"..C\", S]}")
        let rows = ["3", "..c", "S", "0", "", "many"].map { "2021-03-04,X1,\($0)\n" }.joined()
        let outcome = try await ingest(Self.header + rows, by: mapping)
        #expect(await outcome.sink.rows.map(\.rowNumber) == [1, 1, 1])
        #expect(
            outcome.counts.rejects?.byReason == ["suppressed_count": 2, "missing_value": 1, "bad_count": 1])
        #expect(outcome.counts.filtered == 1)
    }
}
