import Fetch
import Synchronization
import TestSources
import Testing

@testable import Connectors

@Suite struct ArcGISSourceTests {
    private static let text = """
        feed: layer
        source: arcgis
        url: https://gis.example/arcgis/rest/services/A/FeatureServer/0
        page: 100
        dataset: layer
        mapping: m
        """

    private enum Form { case esri, geojson }

    /// A layer of rows by object id, of whose pages the server says that they are cut, or does not.
    private static func layer(
        _ ids: [Int], form: Form, most: Int = 10, tells: Bool = true, edited: String = "1700000000000"
    ) -> FakeSite {
        FakeSite { request in
            guard request.path.hasSuffix("/query") else {
                let formats = form == .geojson ? "JSON, AMF, geoJSON" : "JSON, AMF"
                return .json(
                    #"{"name":"A","maxRecordCount":\#(most),"supportedQueryFormats":"\#(formats)","editingInfo":{"lastEditDate":\#(edited)},"fields":[{"name":"OBJECTID","type":"esriFieldTypeOID"}]}"#
                )
            }
            if request.query["returnCountOnly"] == "true" { return .json(#"{"count":\#(ids.count)}"#) }
            let after = (request.query["where"] ?? "").split(separator: ">").dropFirst().first.flatMap {
                Int($0.filter(\.isNumber))
            }
            let rest = ids.sorted().filter { $0 > after ?? .min }
            let page = rest.prefix(min(most, Int(request.query["resultRecordCount"] ?? "") ?? most))
            let isCut = tells && rest.count > page.count
            let cut = isCut ? #","exceededTransferLimit":true"# : ""
            if form == .esri {
                let features = page.map { #"{"attributes":{"OBJECTID":\#($0)},"geometry":{"x":-93.1,"y":44.9}}"# }
                return .json(
                    #"{"objectIdFieldName":"OBJECTID","features":[\#(features.joined(separator: ","))]\#(cut)}"#)
            }
            let features = page.map {
                #"{"type":"Feature","id":\#($0),"geometry":{"type":"Point","coordinates":[-93.1,44.9]},"properties":{"OBJECTID":\#($0)}}"#
            }
            let properties = isCut ? #","properties":{"exceededTransferLimit":true}"# : ""
            return .json(
                #"{"type":"FeatureCollection","features":[\#(features.joined(separator: ","))]\#(properties)}"#)
        }
    }

    private static let part = FeedPart("layer", version: "v")

    @Test func pagesThatEndTooEarlyAreNotTakenForTheWhole() async throws {
        let whole = Self.layer(Array(1...30), form: .esri)
        let site = FakeSite { request in
            request.query["where"]?.contains("> 10") == true
                ? .json(#"{"objectIdFieldName":"OBJECTID","features":[]}"#) : whole.reply(request)
        }
        let source = try feed(Self.text).open(site.fetcher())
        let part = try await source.plan([:]).parts[0]
        let error = await #expect(throws: SourceError.self) { try await Reading(source, part) }
        #expect(error?.code == .changed)
        #expect(error?.problem.contains("10 of 30") == true)
        let calm = try feed(Self.text).open(whole.fetcher())
        #expect(try await Reading(calm, part).rows.count == 30)
        // Rows that are really gone are no fault.
        let fewer = try feed(Self.text).open(Self.layer(Array(1...20), form: .esri).fetcher())
        #expect(try await Reading(fewer, part).rows.count == 20)
    }

    @Test(arguments: [0, 1, 9, 10, 11, 35]) func allRowsComeInBothFormsWhetherOrNotPagesSayThatTheyAreCut(_ count: Int)
        async throws
    {
        let ids = (0..<count).map { $0 * 3 + 1 }
        for (form, path) in [(Form.esri, "attributes.OBJECTID"), (.geojson, "properties.OBJECTID")] {
            for tells in [true, false] {
                let site = Self.layer(ids.shuffled(), form: form, tells: tells)
                let reading = try await Reading(try feed(Self.text).open(site.fetcher()), Self.part)
                #expect(reading.values(path) == ids.map { "\($0)" })
                #expect(reading.fetched.contents == .whole(isFirst: true, isLast: true))
                #expect(site.requests.last?.query["outSR"] == "4326")
            }
        }
    }

    @Test func aLayerIsReadAgainWhenItWasEdited() async throws {
        let source = try feed(Self.text).open(Self.layer([1, 2], form: .esri).fetcher())
        let plan = try await source.plan([:])
        let first = try await Reading(source, plan.parts[0])
        #expect(try await source.plan(["layer": first.fetched.checkpoint]).parts.isEmpty)
        let edited = try feed(Self.text).open(Self.layer([1, 2], form: .esri, edited: "1800000000000").fetcher())
        #expect(try await edited.plan(["layer": first.fetched.checkpoint]).parts.count == 1)
        let silent = try feed(Self.text).open(Self.layer([1, 2], form: .esri, edited: "null").fetcher())
        #expect(try await silent.plan([:]).parts.map(\.version) == ["2026-06-15 2"])
    }

    @Test func anErrorComesWithStatus200() async throws {
        let site = FakeSite { _ in
            .json(#"{"error":{"code":400,"message":"Cannot perform query.","details":["'nope' is not a field"]}}"#)
        }
        let error = await #expect(throws: SourceError.self) {
            try await Reading(try feed(Self.text).open(site.fetcher()), Self.part)
        }
        #expect(error?.code == .refused)
        #expect(error?.problem == "the source says: Cannot perform query.; 'nope' is not a field")
    }

    @Test func anInterruptedReadGoesOnOnlyInItsVersion() async throws {
        let source = try feed(Self.text + "\nrows_per_batch: 10").open(Self.layer(Array(1...25), form: .esri).fetcher())
        let first = try await Reading(source, Self.part)
        #expect(first.fetched.hasMore)
        let next = try await Reading(source, Self.part, held: first.fetched.checkpoint)
        #expect(next.values("attributes.OBJECTID").first == "11")
        let newer = try await Reading(source, FeedPart("layer", version: "w"), held: first.fetched.checkpoint)
        #expect(newer.values("attributes.OBJECTID").first == "1")
        #expect(newer.fetched.contents == .whole(isFirst: true, isLast: false))
    }
}
