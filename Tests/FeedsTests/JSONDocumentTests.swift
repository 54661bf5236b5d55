import Domain
import Testing

@testable import Feeds

/// Files with more than one JSON document, with text that is no JSON, and with documents around the records.
@Suite struct JSONDocumentTests {
    private static func mapping(_ more: String = "", geometry: Bool = false) throws -> Mapping {
        let place = geometry ? "geometry.coordinates.0, latitude: geometry.coordinates.1" : "lon, latitude: lat"
        return try Mapping(
            yaml: """
                event_type: {column: type}
                time: {column: time}
                coordinates: {longitude: \(place)}
                \(more)
                """, file: "test.yaml")
    }

    private static func object(_ type: String, _ more: String = "") -> String {
        #"{"type": "\#(type)", "time": "2021-03-04", "lon": -79.4, "lat": 43.7\#(more)}"#
    }

    private static func feature(_ type: String, isPretty: Bool = false) -> String {
        isPretty
            ? """
            {
              "type": "Feature",
              "id": "\(type)",
              "properties": {
                "type": "\(type)",
                "time": "2021-03-04"
              },
              "geometry": {
                "type": "Point",
                "coordinates": [
                  -79.4,
                  43.7
                ]
              }
            }
            """
            : #"{"type": "Feature", "id": "\#(type)", "properties": {"type": "\#(type)", "time": "2021-03-04"}, "#
                + #""geometry": {"type": "Point", "coordinates": [-79.4, 43.7]}}"#
    }

    private static func collection(_ types: String...) -> String {
        #"{"type": "FeatureCollection", "features": [\#(types.map { feature($0) }.joined(separator: ", "))]}"#
    }

    private func types(_ text: String, _ mapping: Mapping) async throws -> [String] {
        let outcome = try await ingest(text, by: mapping)
        let letters = await outcome.sink.deadLetters
        #expect(outcome.counts.rejected == 0, "\(letters)")
        return await outcome.sink.rows.map(\.eventType)
    }

    @Test(arguments: ["\n", "", " ", "\r\n\r\n", ",\n", "\u{1E}", "\u{FEFF}"])
    func whatFollowsADocumentIsRead(_ between: String) async throws {
        let plain = try Self.mapping()
        let places = try Self.mapping(geometry: true)
        let (a, b, c) = (Self.object("a"), Self.object("b"), Self.object("c"))
        #expect(try await types("[\(a)]" + between + "[\(b), \(c)]", plain) == ["a", "b", "c"])
        #expect(try await types("[\(a)]" + between + "\(b)" + between + "\(c)", plain) == ["a", "b", "c"])
        let collections = Self.collection("a") + between + Self.collection("b", "c")
        #expect(try await types(collections, places) == ["a", "b", "c"])
        let mixed = Self.collection("a") + between + Self.feature("b") + between + "[\(Self.feature("c"))]"
        #expect(try await types(mixed, places) == ["a", "b", "c"])
        let pretty = ["a", "b", "c"].map { Self.feature($0, isPretty: true) }.joined(separator: between)
        #expect(try await types(pretty, places) == ["a", "b", "c"])
        #expect(try await types("[\(Self.collection("a"))\(between), \(Self.collection("b"))]", places) == ["a", "b"])
    }

    @Test func linesWithCollectionsAreRead() async throws {
        let text = [Self.collection("a"), Self.collection("b", "c"), Self.collection()].joined(separator: "\n")
        #expect(try await types(text, try Self.mapping(geometry: true)) == ["a", "b", "c"])
    }

    @Test func aTextSequenceIsReadInAnyForm() async throws {
        let mapping = try Self.mapping(geometry: true)
        for isPretty in [true, false] {
            let text = ["a", "b"].map { "\u{1E}" + Self.feature($0, isPretty: isPretty) + "\n" }.joined()
            #expect(try await types(text, mapping) == ["a", "b"])
        }
        // The second text is cut off (RFC 7464, section 2.4).
        let cut = ["a", "b", "c"].map { $0 == "b" ? "{\"type\": \"Feat\n" : Self.feature($0, isPretty: true) }
        let outcome = try await ingest(cut.map { "\u{1E}" + $0 + "\n" }.joined(), by: mapping)
        #expect(await outcome.sink.rows.map(\.eventType) == ["a", "c"])
        #expect(await outcome.sink.rejections == ["16 bad_json"])
    }

    @Test func aLoneFeatureIsRead() async throws {
        for format in ["", "format: json"] {
            let mapping = try Self.mapping(format, geometry: true)
            #expect(try await types(Self.feature("a"), mapping) == ["a"])
            #expect(try await types(Self.feature("a", isPretty: true), mapping) == ["a"])
        }
    }

    private static let page = """
        <!DOCTYPE html>
        <html><head><title>502 Bad Gateway</title></head>
        <body><h1>502 Bad Gateway</h1>, it says</body></html>
        """

    @Test func aPageBehindTheRecordsIsOneDeadLetter() async throws {
        let mapping = try Self.mapping()
        for (text, line) in [
            ("[\(Self.object("a"))]\n\(Self.page)\n", 2), ("[\(Self.object("a"))]\(Self.page)", 1),
            ("[\n\(Self.object("a"))\n]\n\n\(Self.page)", 5),
        ] {
            let outcome = try await ingest(text, by: mapping)
            #expect(await outcome.sink.rows.map(\.eventType) == ["a"])
            #expect(await outcome.sink.rejections == ["\(line) bad_json"])
            let letter = try #require(await outcome.sink.deadLetters.first)
            #expect(letter.raw == Self.page)
            #expect(letter.detail.contains("not JSON"))
            #expect(letter.detail.contains("<!DOCTYPE html>"))
        }
        let between = "[\(Self.object("a"))]\n\(Self.page)\n[\(Self.object("b"))]\n"
        let outcome = try await ingest(between, by: mapping)
        #expect(await outcome.sink.rows.map(\.eventType) == ["a", "b"])
        #expect(await outcome.sink.rejections == ["2 bad_json"])
    }

    @Test func aPageWithinTheRecordsIsADeadLetterAndTheArrayIsCutShort() async throws {
        let outcome = try await ingest("[\(Self.object("a")),\n\(Self.page)", by: try Self.mapping())
        #expect(outcome.counts.accepted == 1)
        #expect(outcome.counts.rejects?.byReason == ["bad_json": 1, "truncated": 1])
    }

    @Test func aCollectionThatIsCutShortInItsTailSaysSo() async throws {
        let whole = Self.collection("a") + "\n" + Self.collection("b")
        let outcome = try await ingest(String(whole.dropLast()), by: try Self.mapping(geometry: true))
        #expect(outcome.counts.accepted == 2)
        #expect(outcome.counts.rejects?.byReason == ["truncated": 1])
    }

    @Test func aTextThatIsNotClosedCostsItsOwnRecord() async throws {
        let broken = Self.object("b").replacing("\"b\"", with: "\"b")
        for (open, separator, close) in [
            ("[\n", ",\n", "\n]"), ("[", "\n,", "]"), ("[\n  ", ",\n  ", "\n]"), ("", "\n", ""),
        ] {
            let objects = [Self.object("a"), broken, Self.object("c"), Self.object("d")]
            let outcome = try await ingest(open + objects.joined(separator: separator) + close, by: try Self.mapping())
            #expect(await outcome.sink.rows.map(\.eventType) == ["a", "c", "d"], "\(open)")
            #expect(outcome.counts.rejects?.byReason == ["bad_json": 1], "\(open)")
        }
    }

    @Test func aBracketThatIsMissingCostsItsOwnRecord() async throws {
        let pretty = ["a", "b", "c"].map { type in
            let text = Self.feature(type, isPretty: true)
            return type == "b" ? String(text.dropLast()) : text
        }
        let outcome = try await ingest(pretty.joined(separator: "\n"), by: try Self.mapping(geometry: true))
        #expect(await outcome.sink.rows.map(\.eventType) == ["a", "c"])
        #expect(outcome.counts.rejects?.byReason == ["bad_json": 1])
    }

    // MARK: Wrappers

    private static let names = #"["type", "time", "lon", "lat"]"#
    private static let rows = #"["a", "2021-03-04", "-79.4", "43.7"], ["b", "2021-03-04", -79.4, 43.7]"#
    private static let (a, b) = (object("a"), object("b"))

    private static let search =
        #"{"help": "x", "success": true, "result": {"resource_id": "r", "fields": [{"id": "type"}], "#
        + #""records": [\#(a), \#(b)], "total": 2}}"#
    private static let socrata =
        #"{"meta": {"view": {"id": "x", "columns": [{"id": -1, "name": "Type", "fieldName": "type"}, "#
        + #"{"name": "Time", "fieldName": "time"}, {"name": "Lon", "fieldName": "lon"}, "#
        + #"{"name": "Lat", "fieldName": "lat"}]}}, "data": [\#(rows)]}"#
    private static let lines = names + "\n" + rows.replacing("], [", with: "]\n[") + "\n"

    /// CKAN's search and dump, OpenDataSoft, Socrata, arrays of arrays and lines of arrays, pandas, OData and others.
    private static let wrappers: [(text: String, note: String?)] = [
        (search, "result.records"),
        (
            #"{"fields": [{"id": "type"}, {"id": "time"}, {"id": "lon"}, {"id": "lat"}], "records": [\#(rows)]}"#,
            "records"
        ),
        (#"{"total_count": 2, "results": [\#(a), \#(b)]}"#, "results"),
        (socrata, "data"),
        ("[\(names), \(rows)]", nil),
        (lines, nil),
        (#"{"columns": \#(names), "index": [0, 1], "data": [\#(rows)]}"#, "data"),
        (#"{"@odata.context": "x", "value": [\#(a), \#(b)], "@odata.nextLink": "y"}"#, "value"),
        (#"{"items": [\#(a), \#(b)], "next": null}"#, "items"),
        (#"{"response": {"status": "ok", "data": [\#(a), \#(b)]}}"#, "response.data"),
    ]

    @Test(arguments: wrappers.indices)
    func theRecordsOfAWrapperAreFoundAndThatIsSaid(_ index: Int) async throws {
        let (filled, note) = Self.wrappers[index]
        for text in [filled, filled + "\n", "\n " + filled, filled.replacing(", ", with: ",\n  ")] {
            let outcome = try await ingest(text, by: try Self.mapping())
            #expect(await outcome.sink.rows.map(\.eventType) == ["a", "b"], "\(text)")
            #expect(outcome.counts.rejected == 0)
            if let note { #expect(outcome.notes.sentences.first == "The records are the elements of \(note).") }
            #expect(!outcome.notes.sentences.isEmpty)
        }
        // Two answers in one file, as two pages of a service are put together.
        guard note != nil else { return }
        let twice = try await ingest(filled + "\n" + filled, by: try Self.mapping())
        #expect(await twice.sink.rows.map(\.eventType) == ["a", "b", "a", "b"])
    }

    @Test func socratasColumnsHaveTwoNames() async throws {
        let mapping = try Mapping(
            yaml: """
                event_type: {column: Kind of event}
                time: {column: Date}
                coordinates: {longitude: Place.2, latitude: Place.1}
                """, file: "test.yaml")
        let text = """
            {"meta": {"view": {"columns": [{"name": "Kind of event", "fieldName": "kind"},
              {"name": "Date", "fieldName": "date"}, {"name": "Place", "fieldName": "place"}]}},
             "data": [["a", "2021-03-04T05:06:07", [null, "43.7", "-79.4", null, false]]]}
            """
        let named = try await ingest(text, by: mapping)
        #expect(await named.sink.rows.map(\.longitude) == [-79.4])
        let fields = try Mapping(
            yaml: """
                event_type: {column: kind}
                time: {column: date}
                coordinates: {longitude: place.2, latitude: place.1}
                """, file: "test.yaml")
        #expect(try await ingest(text, by: fields).counts.accepted == 1)
    }

    @Test(arguments: ["fields.", ""])
    func openDataSoftsFieldsHaveBareNamesToo(_ prefix: String) async throws {
        let mapping = try Mapping(
            yaml: """
                event_type: {column: \(prefix)type}
                time: {column: \(prefix)date}
                coordinates: {longitude: geometry.coordinates.0, latitude: geometry.coordinates.1}
                """, file: "test.yaml")
        let text = """
            {"nhits": 1, "parameters": {"rows": 10}, "records": [{"datasetid": "d", "recordid": "r",
             "fields": {"type": "a", "date": "2021-03-04", "geo": [43.7, -79.4]},
             "geometry": {"type": "Point", "coordinates": [-79.4, 43.7]}}]}
            """
        #expect(try await types(text, mapping) == ["a"])
    }

    @Test func aPathMayBeStated() async throws {
        let mapping = try Self.mapping("records: answer.pages.list")
        let text = """
            {"status": {"list": []}, "answer": {"list": [1], "pages": [{"list": [\(Self.object("a"))]}, {"no": 1},
             {"list": [\(Self.object("b")), \(Self.object("c"))], "x": {"list": [{}]}}]}, "list": [{}]}
            """
        #expect(try await types(text, mapping) == ["a", "b", "c"])
        #expect(try await types("[\(text)]\n\(text)", mapping) == ["a", "b", "c", "a", "b", "c"])
        let lacking = try await ingest(text + "\n{\"answer\": {}}\n", by: mapping)
        #expect(lacking.counts.accepted == 3)
        #expect(lacking.counts.rejects?.byReason == ["bad_json": 1])
        #expect(await lacking.sink.deadLetters.first?.detail.contains("no array answer.pages.list") == true)
    }

    @Test(arguments: ["records: a..b", "records: ''", "records: [a]"])
    func aPathWithoutAMeaningIsRefused(_ line: String) {
        let error = #expect(throws: FeedError.self) { try Self.mapping(line) }
        #expect(error?.problem.hasPrefix("records") == true)
    }

    @Test func anEmptyWrapperIsAFinishedFileOfZeroRows() async throws {
        for text in [
            #"{"success": true, "result": {"records": []}}"#, #"{"total_count": 0, "results": []}"#, "[]", "[ ]\n[]",
        ] {
            #expect(try await ingest(text, by: try Self.mapping()).counts.received == 0, "\(text)")
        }
    }

    /// An event may have a list that is called like the records of a wrapper.
    @Test func aRecordWithAListIsNoWrapper() async throws {
        let text = ["a", "b"].map { Self.object($0, #", "items": [{"x": 1}], "data": [[1]]"#) }
        #expect(try await types(text.joined(separator: "\n"), try Self.mapping()) == ["a", "b"])
        #expect(try await types("[\(text.joined(separator: ","))]", try Self.mapping()) == ["a", "b"])
    }

    @Test func aLongPreludeBeforeTheRecordsIsPassed() async throws {
        let notes = (0..<30_000).map { #"{"id": \#($0), "text": "a ] \" } [ note of some length, with brackets"}"# }
        let text =
            #"{"meta": {"notes": [\#(notes.joined(separator: ", "))]}, "#
            + #""results": [\#(Self.object("a"))], "links": [\#(notes.joined(separator: ","))]}"#
        #expect(text.utf8.count > 4 << 20)
        #expect(try await types(text + "\n" + text, try Self.mapping()) == ["a", "a"])
    }

    // MARK: Values

    @Test func wordsForNoNumberCostNoEvent() async throws {
        let words = ["NaN", "nan", "Infinity", "-Infinity", "inf", "-inf"]
        let mapping = try Self.mapping("attributes: {columns: [v, w]}")
        let texts = words.map { Self.object($0, #", "v": \#($0), "w": 7"#) }
        for text in ["[\(texts.joined(separator: ","))]", texts.joined(separator: "\n")] {
            let outcome = try await ingest(text, by: mapping)
            #expect(await outcome.sink.rows.map(\.eventType) == words)
            #expect(await outcome.sink.rows.map(\.attributes) == words.map { _ in #"{"w":"7"}"# })
        }
        let place = Self.object("a").replacing("-79.4", with: "NaN")
        let outcome = try await ingest(place, by: mapping)
        #expect(await outcome.sink.rejections == ["1 missing_value"])
        #expect(await outcome.sink.deadLetters.first?.raw == place, "the text is kept as it was")
        for word in ["Nan1", "NaNs", "infi", "-", "+1", "nil"] {
            let outcome = try await ingest(Self.object("a", ", \"v\": \(word)"), by: mapping)
            #expect(await outcome.sink.rejections == ["1 bad_json"], "\(word)")
        }
    }

    @Test(
        arguments: [
            (#"{"type": "MultiPoint", "coordinates": [[-79.4, 43.7]]}"#, nil, ""),
            (#"{"coordinates": [[-79.4, 43.7, 12.5]], "type": "MultiPoint"}"#, nil, ""),
            (#"{"type": "Point", "coordinates": [-79.4, 43.7, 12.5]}"#, nil, ""),
            (#"{"type": "Point", "coordinates": ["-79.4", "43.7"]}"#, nil, ""),
            (
                #"{"type": "MultiPoint", "coordinates": [[-79.4, 43.7], [-79.5, 43.8]]}"#, "not_a_point",
                "a MultiPoint of 2"
            ),
            (
                #"{"type": "Polygon", "coordinates": [[[-79.4, 43.7], [-79.3, 43.7], [-79.4, 43.7]]]}"#, "not_a_point",
                "a Polygon"
            ),
            (#"{"type": "LineString", "coordinates": [[-79.4, 43.7], [-79.3, 43.7]]}"#, "not_a_point", "a LineString"),
            (
                #"{"type": "GeometryCollection", "geometries": [{"type": "Point", "coordinates": [-79.4, 43.7]}]}"#,
                "not_a_point", "a GeometryCollection"
            ),
            (#"{"type": "Point", "coordinates": []}"#, "missing_value", "the Point has no coordinates"),
            (#"{"type": "MultiPoint", "coordinates": []}"#, "missing_value", "the MultiPoint has no points"),
            ("null", "missing_value", "the feature has no geometry"),
        ] as [(String, String?, String)])
    func aGeometryIsReadAsAPointOrNamed(_ geometry: String, _ reason: String?, _ detail: String) async throws {
        let feature =
            #"{"type": "Feature", "properties": {"type": "x", "time": "2021-03-04"}, "geometry": \#(geometry)}"#
        for text in [
            feature, "[\(Self.feature("a")), \(feature)]", #"{"features": [\#(Self.feature("a")), \#(feature)]}"#,
        ] {
            let outcome = try await ingest(text, by: try Self.mapping(geometry: true))
            if let reason {
                #expect(outcome.counts.rejects?.byReason == [reason: 1])
                let letter = try #require(await outcome.sink.deadLetters.first)
                #expect(letter.detail.contains(detail), "\(letter.detail)")
            } else {
                #expect(outcome.counts.rejected == 0)
                #expect(await outcome.sink.rows.last?.longitude == -79.4)
                #expect(await outcome.sink.rows.last?.latitude == 43.7)
            }
        }
    }

    @Test func aFilterMayLeaveOutOtherGeometries() async throws {
        let mapping = try Self.mapping("filter: [{column: geometry.type, in: [Point]}]", geometry: true)
        let polygon = Self.feature("b").replacing("Point", with: "Polygon").replacing(
            "[-79.4, 43.7]", with: "[[[1, 2]]]")
        let outcome = try await ingest("[\(Self.feature("a")), \(polygon)]", by: mapping)
        #expect(outcome.counts.accepted == 1)
        #expect(outcome.counts.filtered == 1)
        #expect(outcome.counts.rejected == 0)
    }
}
