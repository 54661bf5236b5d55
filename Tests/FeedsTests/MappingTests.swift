import Testing

@testable import Feeds

@Suite struct MappingTests {
    private static let rest = """
        time:
          column: when
        coordinates:
          longitude: x
          latitude: y

        """

    @Test func everyBuiltInMappingLoads() throws {
        let names = Mapping.builtInNames(in: BuiltIn.directory)
        #expect(names.contains("canonical"))
        #expect(names.contains("toronto"))
        for name in names { _ = try BuiltIn.mapping(name) }
    }

    @Test(arguments: [
        ("", 0, "is empty"),
        ("- a\n", 1, "keys with values"),
        ("event_type: {constant: a}\n" + rest + "colour: red\n", 7, "colour: is not a key"),
        ("event_type: {constant: a, colum: b}\n" + rest, 1, "event_type.colum: is not a key"),
        ("event_type:\n  constant: a\n  column: b\n" + rest, 2, "either column: or constant:"),
        ("event_type: burglary\n" + rest, 1, "event_type: must be keys with values"),
        (rest, 1, "event_type: is missing"),
        ("event_type: {constant: a}\n" + rest + "delimiter: ab\n", 7, "delimiter: must be one ASCII character"),
        (
            "event_type: {constant: a}\ntime:\n  column: t\n  zone: right/America/Toronto\n", 4,
            "time.zone: \"right/America/Toronto\" is not a known IANA time zone"
        ),
        (
            "event_type: {constant: a}\ntime:\n  column: t\n  zone: America/Torronto\n", 4,
            "time.zone: \"America/Torronto\" is not a known IANA time zone"
        ),
        (
            "event_type: {constant: a}\ntime:\n  column: t\n  patterns: [iso8601, yyyy-QQ]\n", 4,
            "time.patterns: \"yyyy-QQ\": has QQ"
        ),
        ("event_type: {constant: a}\ntime:\n  column: t\n  offset: drop\n", 4, "time.offset: must be keep or ignore"),
        ("event_type: {constant: a}\ntime:\n  patterns: [iso8601]\n", 3, "time.column: is missing"),
        ("event_type: {constant: a}\ntime: {column: t}\n", 1, "coordinates: is missing"),
        (
            "event_type: {constant: a}\ntime: {column: t}\ncoordinates:\n  longitude: x\n", 4,
            "coordinates.latitude: is missing"
        ),
        (
            "event_type: {constant: a}\n" + rest + "attributes:\n  json: j\n  columns: [a]\n", 8,
            "attributes.json: cannot be combined with"
        ),
        ("event_type: {constant: a}\nevent_type: {constant: b}\n" + rest, 1, "event_type: occurs twice"),
        ("event_type: {constant: a\n" + rest, 2, "is not YAML"),
    ])
    func aFaultNamesFileLineAndKey(_ yaml: String, _ line: Int, _ problem: String) {
        let error = #expect(throws: FeedError.self) { try Mapping(yaml: yaml, file: "my.yaml") }
        #expect(error?.code == .mapping)
        #expect(error?.file == "my.yaml")
        #expect((error?.line ?? 0) == line, "\(String(describing: error))")
        #expect(error?.problem.contains(problem) == true, "\(String(describing: error))")
    }

    @Test func anUnknownNameListsTheBuiltInOnes() {
        let error = #expect(throws: FeedError.self) { try BuiltIn.mapping("torronto") }
        #expect(error?.problem.contains("canonical") == true)
    }

    @Test func aMappingThatIsNotThereIsAnError() {
        let error = #expect(throws: FeedError.self) { try BuiltIn.mapping("/no/such/mapping.yaml") }
        #expect(error?.file == "/no/such/mapping.yaml")
    }
}
