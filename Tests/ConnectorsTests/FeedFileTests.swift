import Domain
import Fetch
import Foundation
import Jobs
import Testing

@testable import Connectors

@Suite struct FeedFileTests {
    private static let police = """
        feed: london-stops
        source: uk-police
        collect: stops-force
        forces: [metropolitan, city-of-london]
        dataset: london-stops
        mapping: uk-stops-api
        schedule: "15 4 * * *"
        expect: {rows: [1, 60000], fresh_days: 75, valid_share: 0.9}
        """

    private func fault(in text: String) -> FeedFault? {
        do {
            _ = try FeedFile.read(text, path: "f.yaml")
            return nil
        } catch {
            return error
        }
    }

    @Test func aFeedSaysWhatItsColumnsAreExpectedToBe() throws {
        let columns = "columns: [{column: outcome, in: [Arrest]}, {column: age, range: [0, 120]}]"
        let text = Self.police.replacing("valid_share: 0.9", with: "row_change: 0.5, \(columns)")
        let expect = try FeedFile.read(text, path: "f.yaml").expect.expectations
        #expect(expect.rows == 1...60_000)
        #expect(expect.rowChange == 0.5)
        #expect(expect.freshDays == 75)
        #expect(
            expect.columns == [
                try ColumnExpectation(name: "outcome", allowed: ["Arrest"]),
                try ColumnExpectation(name: "age", kind: "number", range: [0, 120]),
            ])
        for (columns, words) in [
            ("[{column: age, type: colour}]", "expect.columns.type"), ("[{type: text}]", "expect.columns.column"),
            ("[{column: a}, {column: a}]", "expect.columns"), ("[{column: a, least: 1}]", "expect.columns.least"),
        ] {
            let found = fault(in: Self.police.replacing("valid_share: 0.9", with: "columns: \(columns)"))
            #expect(found?.line == 8)
            #expect(found?.problem.hasPrefix(words) == true, "\(found?.problem ?? "no fault")")
        }
    }

    @Test func aFeedSaysWhatIsReadWhenAndWhatIsExpected() throws {
        let feed = try FeedFile.read(Self.police, path: "f.yaml")
        #expect(feed.name.text == "london-stops")
        #expect(feed.source.kind == "uk-police")
        #expect(feed.expect == FeedExpectation(rows: 1...60_000, freshDays: 75, validShare: 0.9))
        #expect(feed.access.pace == PaceLimit(requests: 15, window: .seconds(1), burst: 30))
        #expect(feed.access.limits.head == .seconds(120))
        #expect(feed.access.hosts.names == ["data.police.uk"])
        #expect(!feed.access.hosts.allowPrivate)
        // 2026-01-01 00:00 UTC; the schedule is due at 04:15 UTC.
        #expect(feed.schedule?.next(after: Instant(seconds: 1_767_225_600)) == Instant(seconds: 1_767_240_900))
        #expect(feed.secrets.isEmpty)
    }

    @Test func theFeedsOfTheRepositoryCanBeRead() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let feeds = try FeedFile.load(directory: root.appendingPathComponent("feeds").path)
        #expect(feeds.count >= 11)
        for feed in feeds {
            let mapping = root.appendingPathComponent("mappings/\(feed.mapping).yaml").path
            #expect(FileManager.default.fileExists(atPath: mapping), "\(feed.name): \(feed.mapping)")
            #expect(feed.schedule != nil)
            #expect(!feed.access.hosts.allowPrivate)
        }
        #expect(Set(feeds.map(\.source.kind)).isSuperset(of: ["uk-police", "socrata", "ckan", "geojson", "csv"]))
        #expect(feeds.first { $0.name.text == "fires" }?.secrets == ["FIRMS_KEY"])
    }

    @Test func otherHostsAndPrivateOnesAreNamed() throws {
        let feed = try FeedFile.read(
            """
            feed: a
            source: csv
            url: https://localhost:8443/a.csv?key=${KEY}
            hosts: [files.example.org]
            allow_private: true
            dataset: a
            mapping: canonical
            limits: {requests: 5, seconds: 2, burst: 1, answer_seconds: 7, idle_seconds: 8, bytes: 1000}
            """, path: "f.yaml")
        #expect(feed.access.hosts.names == ["files.example.org", "localhost:8443"])
        #expect(feed.access.hosts.allowPrivate)
        #expect(feed.access.pace == PaceLimit(requests: 5, window: .seconds(2), burst: 1))
        #expect(feed.access.limits == FetchLimits(head: .seconds(7), idle: .seconds(8), bytes: 1000))
        #expect(feed.secrets == ["KEY"])
        #expect(feed.schedule == nil)
    }

    @Test(arguments: [
        ("feed: london-stops", "feed: London Stops", 1, "feed: must be a slug"),
        ("feed: london-stops\n", "", 1, "feed: is missing"),
        ("source: uk-police", "source: uk-polise", 2, "the kinds are: uk-police"),
        ("collect: stops-force", "collect: stops", 3, "collect: must be one of stops-force"),
        ("forces: [metropolitan, city-of-london]", "forces: [Metropolitan]", 4, "\"Metropolitan\" is not the id"),
        ("forces: [metropolitan, city-of-london]", "forces: [a, a]", 4, "forces: has a value twice"),
        ("forces: [metropolitan, city-of-london]", "forces: metropolitan", 4, "forces: must be a list"),
        (
            "forces: [metropolitan, city-of-london]", "areas: {a: [0, 1, 2, 3]}", 1,
            "forces: collect: stops-force needs forces"
        ),
        ("forces: [metropolitan, city-of-london]", "resource: x", 4, "resource: is not a key here"),
        ("mapping: uk-stops-api", "mapping: ", 6, "mapping: must be one value"),
        ("schedule: \"15 4 * * *\"", "schedule: \"15 4 * *\"", 7, "schedule: \"15 4 * *\" must have five fields"),
        ("schedule: \"15 4 * * *\"", "time_zone: UTC", 7, "time_zone: needs a schedule"),
        ("rows: [1, 60000]", "rows: [2, 1]", 8, "expect.rows: must be the least"),
        ("valid_share: 0.9", "valid_share: 90", 8, "expect.valid_share: must be a number from 0"),
        ("fresh_days: 75", "fresh: 75", 8, "expect.fresh: is not a key here"),
        ("collect: stops-force", "collect: stops-force\nfrom: 2024-13", 4, "from: must be a month"),
        (
            "collect: stops-force", "collect: stops-force\nbase: http://data.police.uk/api", 4,
            "base: must begin with https://"
        ),
        ("collect: stops-force", "collect: stops-force\nbase: https://me@data.police.uk", 4, "base: must have a host"),
        ("collect: stops-force", "collect: stops-force\nbase: https://${HOST}/api", 4, "base: must have a host"),
        ("collect: stops-force", "collect: stops-force\nbase: https://h/${key}", 4, "base: ${...} must hold"),
        ("collect: stops-force", "collect: stops-force\nallow_private: yes", 4, "allow_private: must be true or false"),
        ("collect: stops-force", "collect: stops-force\nlimits: {burst: 3}", 4, "limits.burst: needs the number"),
        ("feed: london-stops", "feed: [", 3, "is not YAML"), ("feed: london-stops", "- feed", 2, "is not YAML"),
    ])
    func aFaultNamesItsLineAndKey(_ old: String, _ new: String, _ line: Int, _ problem: String) throws {
        let found = try #require(fault(in: Self.police.replacing(old, with: new)))
        #expect(found.description.contains(problem), "\(found)")
        #expect(found.line == line, "\(found)")
        #expect(found.file == "f.yaml")
    }

    @Test(arguments: [
        ("source: socrata\nsite: s.example\nresource: erm2nwe9", "resource: must be an id"),
        ("source: socrata\nresource: erm2-nwe9", "site: is missing"),
        (
            "source: socrata\nsite: s.example\nbase: https://s.example\nresource: erm2-nwe9",
            "site: cannot be used together"
        ),
        ("source: socrata\nsite: s.example\nresource: erm2-nwe9\ntoken: abc", "token: is a secret"),
        ("source: ckan\nsite: s.example\nresource: x", "resource: must be the id"),
        ("source: arcgis\nurl: https://s.example/FeatureServer", "url: must be that of a layer"),
        ("source: geojson\nurl: https://s.example/a\nversion: v", "version: needs identity"),
        ("source: csv\nurl: https://s.example/a\ncontents: some", "contents: must be all"),
        ("source: csv", "url: is missing"),
        ("source: opendatasoft\nsite: s.example\nresource: a/b", "resource: must be"),
        ("source: csv\nurl: https://s.example/a\nhosts: [https://b]", "hosts: \"https://b\" must be a host"),
    ])
    func eachKindChecksItsParameters(_ text: String, _ problem: String) throws {
        let found = try #require(fault(in: "feed: a\ndataset: a\nmapping: m\n\(text)"))
        #expect(found.description.contains(problem), "\(found)")
    }

    @Test func aFileHasTheNameOfItsFeed() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("feeds-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Self.police.write(to: folder.appendingPathComponent("other.yaml"), atomically: true, encoding: .utf8)
        #expect(throws: FeedFault.self) { try FeedFile.load(directory: folder.path) }
        #expect(throws: FeedFault.self) { try FeedFile.load(directory: folder.path + "/none") }
    }

    @Test func whatIsNotFulfilledIsSaid() {
        let expect = FeedExpectation(rows: 10...20, freshDays: 3, validShare: 0.9)
        let now = Instant(seconds: 1_000_000)
        #expect(expect.findings(received: 10, accepted: 9, newest: now - .days(3), now: now).isEmpty)
        #expect(
            expect.findings(received: 9, accepted: 9, newest: nil, now: now) == [
                "9 rows came where 10 to 20 are expected"
            ])
        #expect(expect.findings(received: 20, accepted: 17, newest: now - .days(4), now: now).count == 2)
        #expect(FeedExpectation().findings(received: 0, accepted: 0, newest: nil, now: now).isEmpty)
    }
}
