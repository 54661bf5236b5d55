import Connectors
import Fetch
import Foundation
import Synchronization
import TestSources
import Testing

/// The connectors over answers that real sources gave. Counts and ids are those that Python's json reads in them.
@Suite struct ConnectorsOverSamplesTests {
    private static func sample(_ name: String) throws -> FakeSite.Reply {
        let root = try #require(ProcessInfo.processInfo.environment["HEXTANT_SHARED"])
        let data = try Data(contentsOf: URL(filePath: root).appending(path: "data/api-samples/\(name)"))
        return FakeSite.Reply(headers: ["Content-Type": "application/json"], body: data)
    }

    private static func feed(_ text: String) throws -> Feed {
        try FeedFile.read("feed: a\ndataset: a\nmapping: m\n\(text)", path: "a.yaml")
    }

    private static let police = "source: uk-police\ncollect: stops-force\nforces: [city-of-london, cleveland, durham]"

    @Test func theMonthsOfForcesAreFoundInTheList() async throws {
        let (dates, updated) = (
            try Self.sample("ukpolice/crimes-street-dates.json"), try Self.sample("ukpolice/crime-last-updated.json")
        )
        let site = FakeSite { $0.path.hasSuffix("dates") ? dates : updated }
        let plan = try await Self.feed(Self.police).open(site.fetcher()).plan([:])
        #expect(
            plan.parts.map(\.name) == [
                "cleveland/2015-06", "durham/2015-06", "city-of-london/2015-05", "cleveland/2015-05",
            ])
        #expect(plan.parts.allSatisfy { $0.version == "2026-05-01" })
    }

    @Test(arguments: [
        ("stops-force.avon-and-somerset.2017-01", 1, 1), ("stops-force.avon-and-somerset.2021-10.null_location", 1, 0),
        ("stops-force.leicestershire.2024-01", 1, 1), ("stops-no-location.cleveland.2017-01", 2, 0),
        ("stops-no-location.leicestershire.2024-01", 2, 0),
    ])
    func stopsOfAllYearsAreRows(_ name: String, _ count: Int, _ placed: Int) async throws {
        let answer = try Self.sample("ukpolice/\(name).json")
        let source = try Self.feed(Self.police).open(FakeSite { _ in answer }.fetcher())
        let reading = try await Reading(source, FeedPart("cleveland/2024-01", version: "v"))
        #expect(reading.rows.count == count)
        #expect(Set(reading.values("_id")).count == count)
        #expect(reading.values("location.latitude").filter { !$0.isEmpty }.count == placed)
    }

    @Test(arguments: [("2017-01", 2), ("2019-10", 2), ("2024-01", 1)])
    func crimesOfAllYearsAreRows(_ month: String, _ count: Int) async throws {
        let answer = try Self.sample("ukpolice/crimes-street.all-crime.\(month).json")
        let source = try Self.feed("source: uk-police\ncollect: crimes-street\nareas: {a: [-2, 51, 2, 54]}")
            .open(FakeSite { _ in answer }.fetcher())
        let reading = try await Reading(source, FeedPart("a/\(month)", version: "v"))
        #expect(reading.values("id").filter { Int($0) != nil }.count == count)
        #expect(reading.values("month") == Array(repeating: month, count: count))
    }

    @Test(arguments: [("all_day.2014-04", 146), ("all_week.2014-04", 1513), ("significant_week.2020-03-26", 5)])
    func earthquakesAreRows(_ name: String, _ count: Int) async throws {
        let answer = try Self.sample("usgs/\(name).geojson")
        let text = "source: geojson\nurl: https://h.example/a\nidentity: id\nversion: properties.updated"
        let source = try Self.feed(text)
            .open(FakeSite { _ in answer }.fetcher())
        let reading = try await Reading(source, FeedPart("file", version: ""))
        #expect(reading.rows.count == count)
        #expect(Set(reading.values("id")).count == count)
    }

    @Test func pagesOfALayerAreReadToTheEnd() async throws {
        let (layer, full, partial) = (
            try Self.sample("arcgis/cook_poi.layer_metadata.json"), try Self.sample("arcgis/cook_poi.page_full.json"),
            try Self.sample("arcgis/cook_poi.page_partial.json")
        )
        let site = FakeSite { request in
            guard request.path.hasSuffix("/query") else { return layer }
            return request.query["where"]?.contains("OBJECTID >") == true ? partial : full
        }
        let source = try Self.feed("source: arcgis\nurl: https://h.example/rest/services/POI/MapServer/11\npage: 500")
            .open(site.fetcher())
        let reading = try await Reading(source, FeedPart("layer", version: "v"))
        #expect(reading.rows.count == 502)
        #expect(reading.values("attributes.OBJECTID").first == "1")
    }

    @Test func recordsOfADatastoreAreRowsAndNoneIsTheEnd() async throws {
        let (first, none) = (
            try Self.sample("ckan/datastore_search.indiana.first-records.json"),
            try Self.sample("ckan/datastore_search.empty.recife.json")
        )
        let source = try Self.feed(
            "source: ckan\nsite: h.example\nresource: 9d7c2214-4709-478a-a2e8-fb2020a5bb94"
        ).open(FakeSite { $0.query["offset"] == "0" ? first : none }.fetcher())
        let reading = try await Reading(source, FeedPart("r", version: "v"))
        #expect(reading.rows.count == 3)
    }
}
