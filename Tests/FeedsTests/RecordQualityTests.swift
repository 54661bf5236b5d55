import Domain
import Testing

@testable import Feeds

/// Fields that are counted, rules that mend records, and values that are not as expected.
@Suite struct RecordQualityTests {
    private static func mapping(
        coordinates: String = "longitude: x, latitude: y", attributes: String = "[a, b]", more: String = ""
    ) throws -> Mapping {
        try Mapping(
            yaml: """
                event_type: {constant: fire}
                time: {column: when}
                coordinates: {\(coordinates)}
                attributes: {columns: \(attributes)}
                \(more)
                """, file: "test.yaml")
    }

    private static func problem(_ more: String, coordinates: String = "longitude: x, latitude: y") -> String? {
        do {
            _ = try mapping(coordinates: coordinates, more: more)
            return nil
        } catch {
            return "\(error)"
        }
    }

    /// Five columns are read: two records with one and two blanks, one that is rejected for a blank, and one for
    /// another reason, which says nothing of what is missing.
    @Test func blankFieldsOfEventsAndOfRecordsWithoutAValueAreCounted() async throws {
        let text = "when,x,y,a,b\n2021-03-04,1,2,p,\n2021-03-04,1,2,,\n2021-03-04,,2,p,q\n2021-03-04,1,oops,p,q\n"
        let outcome = try await ingest(text, by: try Self.mapping())
        let quality = await outcome.sink.quality
        #expect(await outcome.sink.rejections == ["4 missing_value", "5 bad_number"])
        #expect(quality.fields == 15)
        #expect(quality.blankFields == 4)
        #expect(quality.blanksByColumn == ["a": 1, "b": 2])
    }

    @Test func keysThatAJSONRecordLacksAreBlankFields() async throws {
        let text = """
            [{"when": "2021-03-04", "x": 1, "y": 2, "a": "p", "b": null}, {"when": "2021-03-04", "x": 1, "y": 2}]
            """
        let quality = await (try await ingest(text, by: try Self.mapping())).sink.quality
        #expect(quality.fields == 10)
        #expect(quality.blanksByColumn == ["a": 1, "b": 2])
    }

    // MARK: Remedies

    @Test func coordinatesThatFitOnlyExchangedAreExchangedAndCounted() async throws {
        let bounds = "bounds: [-80, 43, -79, 44]"
        let text =
            "when,x,y,a,b\n2021-03-04,-79.4,43.7,,\n2021-03-04,43.7,-79.4,,\n2021-03-04,10,10,,\n"
            + "2021-03-04,43.7,-95,,\n"
        let outcome = try await ingest(
            text,
            by: try Self.mapping(
                coordinates: "longitude: x, latitude: y, \(bounds)", more: "remedies: {swapped_coordinates: true}"))
        #expect(await outcome.sink.rows.map(\.longitude) == [-79.4, -79.4])
        #expect(await outcome.sink.rows.map(\.latitude) == [43.7, 43.7])
        #expect(await outcome.sink.rejections == ["4 out_of_bounds", "5 out_of_range"])
        #expect(await outcome.sink.quality.remedies.byName == ["swapped_coordinates": 1])
        // Without the rule they stay dead letters.
        let strict = try await ingest(
            text, by: try Self.mapping(coordinates: "longitude: x, latitude: y, \(bounds)"))
        #expect(await strict.sink.rejections.count == 3)
    }

    /// A latitude of 151 is none at all, and the order in a WKT is its own.
    @Test(
        arguments: [
            ("longitude: x, latitude: y", "-33.8,151.2"),
            ("column: x, axes: [latitude, longitude]", "POINT (-33.8 151.2),"),
            ("column: x, axes: [longitude, latitude]", "\"-33.8, 151.2\","),
        ])
    func whatIsNoLatitudeMayBeALongitude(_ columns: String, _ fields: String) async throws {
        let outcome = try await ingest(
            "when,x,y,a,b\n2021-03-04,\(fields),,\n",
            by: try Self.mapping(
                coordinates: "\(columns), bounds: [150, -35, 152, -33]",
                more: "remedies: {swapped_coordinates: true}"))
        #expect(await outcome.sink.rejections == [])
        #expect(await outcome.sink.rows.map(\.longitude) == [151.2])
        #expect(await outcome.sink.rows.map(\.latitude) == [-33.8])
    }

    @Test func falseIsNoValueWhereTheMappingSaysSo() async throws {
        let text = "when,x,y,a,b\n2021-03-04,1,2,False,false\n2021-03-04,1,2,\"false\",\n2021-03-04,1,2,falsey,p\n"
        let outcome = try await ingest(text, by: try Self.mapping(more: "remedies: {false_for_null: [a, gone]}"))
        #expect(await outcome.sink.rows.map(\.attributes) == [#"{"b":"false"}"#, "{}", #"{"a":"falsey","b":"p"}"#])
        let quality = await outcome.sink.quality
        #expect(quality.remedies.byName == ["false_for_null": 2])
        #expect(quality.blanksByColumn == ["a": 2, "b": 1])
    }

    @Test(
        arguments: [
            ("4.50", "4.50"), ("-0.5", "-0.5"), ("\"1,234\"", "1234"), ("007", "\"007\""), (".5", "\".5\""),
            ("12 km", "\"12 km\""), ("\u{2212}3", "-3"), ("NaN", "\"NaN\""),
        ])
    func numbersThatWereTextsBecomeNumbers(_ written: String, _ stored: String) async throws {
        let outcome = try await ingest(
            "when,x,y,a,b\n2021-03-04,1,2,\(written),7\n",
            by: try Self.mapping(more: "remedies: {numbers_as_text: [a]}"))
        #expect(await outcome.sink.rows.map(\.attributes) == [#"{"a":\#(stored),"b":"7"}"#])
        let isNumber = !stored.hasPrefix("\"")
        #expect(await outcome.sink.quality.remedies.byName == (isNumber ? ["numbers_as_text": 1] : [:]))
    }

    // MARK: Expectations

    private static let expect = """
        expect:
          rows: [1, 10]
          columns:
            - {column: a, type: integer, range: [0, 10]}
            - {column: b, in: [p, q], required: true}
            - {column: c, unique: true}
            - {column: gone}
        """

    @Test func valuesThatAreNotAsExpectedAreDeadLetters() async throws {
        let text =
            "when,x,y,a,b,c\n2021-03-04,1,2,10,p,k\n2021-03-04,1,2,11,p,l\n2021-03-04,1,2,1.5,p,m\n"
            + "2021-03-04,1,2,,r,n\n2021-03-04,1,2,,,o\n2021-03-04,1,2,,q,k\n"
        let mapping = try Self.mapping(more: Self.expect)
        #expect(mapping.expect.rows == 1...10)
        let outcome = try await ingest(text, by: mapping)
        #expect(
            await outcome.sink.rejections == [
                "3 unexpected_value", "4 unexpected_type", "5 unexpected_value", "6 missing_value",
            ])
        let quality = await outcome.sink.quality
        // Of the two events one has a value in a, both have one in b and c, and the file has no column gone.
        #expect(quality.values == [1, 2, 2, 0])
        let hashes = await outcome.sink.uniqueHashes
        #expect(hashes.map(\.count) == [2])
        #expect(hashes[0][0] == hashes[0][1])
        #expect(await outcome.sink.rows.map(\.attributes) == [#"{"a":"10","b":"p"}"#, #"{"b":"q"}"#])
    }

    @Test(
        arguments: [
            ("type: date", "2021-03-04T10:00:00", true), ("type: date", "04.03.2021", false),
            ("type: boolean", "Yes", true), ("type: boolean", "maybe", false), ("type: number", "1e3", true),
            ("type: integer", "3.0", true), ("type: number", "n/a", true),
        ] as [(String, String, Bool)])
    func typesAreThoseOfTheirValues(_ type: String, _ value: String, _ isExpected: Bool) async throws {
        let outcome = try await ingest(
            "when,x,y,a,b\n2021-03-04,1,2,\(value),\n",
            by: try Self.mapping(more: "expect: {columns: [{column: a, \(type)}]}"))
        #expect(await outcome.sink.rejections == (isExpected ? [] : ["2 unexpected_type"]))
    }

    @Test(
        arguments: [
            ("remedies: {swapped_coordinates: true}", "coordinates.bounds"), ("remedies: {guess: true}", "guess"),
            ("expect: {rows: [3, 1]}", "expect.rows"), ("expect: {valid_share: 2}", "expect.valid_share"),
            ("expect: {columns: [{column: a, range: [2, 1]}]}", "expect.columns.range"),
            ("expect: {columns: [{column: a}, {column: a}]}", "twice"),
            ("expect: {columns: [{type: number}]}", "expect.columns.column"),
        ])
    func aMappingIsRefusedWithTheKeyAtFault(_ more: String, _ key: String) {
        #expect(Self.problem(more)?.contains(key) == true, "\(Self.problem(more) ?? "no fault")")
    }
}
