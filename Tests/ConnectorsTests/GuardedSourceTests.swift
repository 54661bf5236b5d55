import Fetch
import Synchronization
import TestSources
import Testing

@testable import Connectors

/// Feeds that are changed while checkpoints of them are held, and sources whose words are not to be trusted.
@Suite struct GuardedSourceTests {
    private static let csv = """
        feed: file
        source: csv
        url: https://files.example/old.csv
        dataset: file
        mapping: firms
        """
    private static let file = FeedPart("file", version: "")

    @Test func theTagOfAnotherFileIsNotSent() async throws {
        // Servers give files of one deployment the same tag and date.
        let site = FakeSite { request in
            guard request.headers["if-none-match"] == nil, request.headers["if-modified-since"] == nil else {
                return FakeSite.Reply(status: 304)
            }
            return FakeSite.Reply(
                headers: ["ETag": "\"1\"", "Last-Modified": "Sun, 06 Nov 1994 08:49:37 GMT"],
                body: Array("a\n\(request.path)\n".utf8))
        }
        let held = try await Reading(try feed(Self.csv).open(site.fetcher()), Self.file).fetched.checkpoint
        let same = try await Reading(try feed(Self.csv).open(site.fetcher()), Self.file, held: held)
        #expect(same.fetched.contents == .nothing)
        let changed = try feed(Self.csv.replacing("old.csv", with: "new.csv")).open(site.fetcher())
        let reading = try await Reading(changed, Self.file, held: held)
        #expect(reading.fetched.contents == .whole(isFirst: true, isLast: true))
        #expect(reading.bytes == Array("a\n/new.csv\n".utf8))
        #expect(try await Reading(changed, Self.file, held: reading.fetched.checkpoint).fetched.contents == .nothing)
    }

    @Test func aTagThatCannotBeSentBackIsForgotten() async throws {
        let site = FakeSite { request in
            FakeSite.Reply(headers: ["ETag": "\"\u{E9}\""], body: Array("a\n\(request.number)\n".utf8))
        }
        let source = try feed(Self.csv).open(site.fetcher())
        let first = try await Reading(source, Self.file)
        let second = try await Reading(source, Self.file, held: first.fetched.checkpoint)
        #expect(second.bytes == Array("a\n1\n".utf8))
        #expect(site.requests.allSatisfy { $0.headers["if-none-match"] == nil })
    }

    private static let socrata = """
        feed: nyc
        source: socrata
        site: data.example
        resource: erm2-nwe9
        where: borough = 'BRONX'
        page: 10
        dataset: nyc
        mapping: nyc-311-api
        """

    private static func rows(_ request: FakeSite.Request) -> FakeSite.Reply {
        let condition = request.query["$where"] ?? ""
        if request.query["$select"]?.contains("count(*)") == true {
            return .json(#"[{"row_count":"2","newest":"2024-01-01T00:00:00.000Z"}]"#)
        }
        // Of two rows with one instant the second has the id whose text comes first.
        let texts = ["row-zz", "row-aa"].map { #"{":id":"\#($0)",":updated_at":"2024-01-01T00:00:00.000Z"}"# }
        let last = condition.contains("row-aa") ? 2 : condition.contains("row-zz") ? 1 : 0
        return .json("[\(texts.dropFirst(last).prefix(1).joined())]")
    }

    @Test func anotherConditionReadsFromTheBeginning() async throws {
        let site = FakeSite(Self.rows)
        let source = try feed(Self.socrata).open(site.fetcher())
        let part = try await source.plan([:]).parts[0]
        let held = ["rows": try await Reading(source, part).fetched.checkpoint]
        #expect(try await source.plan(held).parts.isEmpty)
        let changed = try feed(Self.socrata.replacing("BRONX", with: "QUEENS")).open(site.fetcher())
        let plan = try await changed.plan(held)
        #expect(plan.parts == [part])
        #expect(plan.findings.count == 1)
        site.forget()
        let reading = try await Reading(changed, part, held: held["rows"])
        #expect(site.requests.first?.query["$where"] == "(borough = 'QUEENS')")
        #expect(reading.values(":id") == ["row-zz", "row-aa"])
    }

    @Test func theSizeOfAPageMayChange() async throws {
        let site = FakeSite(Self.rows)
        let source = try feed(Self.socrata).open(site.fetcher())
        let held = ["rows": try await Reading(source, try await source.plan([:]).parts[0]).fetched.checkpoint]
        let changed = try feed(Self.socrata.replacing("page: 10", with: "page: 500")).open(site.fetcher())
        #expect(try await changed.plan(held).parts.isEmpty)
    }

    @Test func rowsOfOneInstantMayHaveIDsInAnyOrder() async throws {
        let reading = try await Reading(
            try feed(Self.socrata).open(FakeSite(Self.rows).fetcher()), FeedPart("rows", version: "x 2"))
        #expect(reading.values(":id") == ["row-zz", "row-aa"])
        #expect(!reading.fetched.hasMore)
    }

    @Test func pagesThatGoInCirclesHaveAnEnd() async throws {
        let site = FakeSite { request in
            let rows = (0..<5000).map { number in
                #"{":id":"row-\#(request.number % 2)-\#(number)",":updated_at":"2024-01-01T00:00:00.000Z"}"#
            }
            return .json("[\(rows.joined(separator: ","))]")
        }
        let source = try feed(Self.socrata).open(site.fetcher())
        let error = await #expect(throws: SourceError.self) {
            try await Reading(source, FeedPart("rows", version: "2024-01-01T00:00:00.000Z 10000"))
        }
        #expect(error?.code == .shape)
        #expect(error?.problem.contains("circles") == true)
        #expect(site.requests.count == 9)
    }

    private static let crimes = """
        feed: crimes
        source: uk-police
        collect: crimes-street
        areas: {north: [-1, 52, 0, 53], south: [-1, 51, 0, 52]}
        dataset: crimes
        mapping: uk-crimes-api
        """

    @Test func anAreaWithAnotherOutlineIsReadAgainAndTheOthersAreNot() async throws {
        let site = FakeSite { request in
            switch request.path {
            case "/api/crimes-street-dates": .json(#"[{"date":"2024-01","stop-and-search":[]}]"#)
            case "/api/crime-last-updated": .json(#"{"date":"2024-03-01"}"#)
            default: .json("[]")
            }
        }
        let source = try feed(Self.crimes).open(site.fetcher())
        var held: [String: Checkpoint] = [:]
        for part in try await source.plan([:]).parts {
            held[part.name] = try await Reading(source, part).fetched.checkpoint
        }
        #expect(held.keys.sorted() == ["north/2024-01", "south/2024-01"])
        #expect(try await source.plan(held).parts.isEmpty)
        let moved = try feed(Self.crimes.replacing("52, 0, 53]", with: "52, 0, 54]")).open(site.fetcher())
        #expect(try await moved.plan(held).parts.map(\.name) == ["north/2024-01"])
        let more = try feed(Self.crimes.replacing("{north", with: "{east: [0, 51, 1, 52], north")).open(site.fetcher())
        let plan = try await more.plan(held)
        #expect(plan.parts.map(\.name) == ["east/2024-01"])
        #expect(plan.findings.isEmpty)
        let other = try feed(Self.crimes + "\ncategory: burglary").open(site.fetcher())
        #expect(try await other.plan(held).parts.count == 2)
    }

    @Test func wordsOfTheSourceAreShownWithoutSecretsAndOnOneLine() async throws {
        let site = FakeSite { _ in
            .json(#"{"error": {"code": 498, "message": "Invalid token s3cr3t%2Fkey \u001b[31m\nfake: line\u202e"}}"#)
        }
        let text = """
            feed: layer
            source: arcgis
            url: https://gis.example/arcgis/rest/services/A/FeatureServer/0
            token: ${TOKEN}
            dataset: layer
            mapping: m
            """
        let source = try feed(text).open(site.fetcher(secrets: ["HEXTANT_SECRET_TOKEN": "s3cr3t/key"]))
        let error = try #require(await #expect(throws: SourceError.self) { try await source.plan([:]) })
        #expect(error.problem.contains("Invalid token ${TOKEN} "))
        #expect(!"\(error)".contains("s3cr3t"))
        #expect(error.problem.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x202E })
    }

    @Test func aDocumentThatIsFarTooLargeIsNotTakenIntoMemory() async throws {
        let site = FakeSite { _ in
            .json(#"[{"row_count":"1","padding":""# + String(repeating: "x", count: RowPages.documentBytes) + #""}]"#)
        }
        let source = try feed(Self.socrata).open(site.fetcher())
        let error = await #expect(throws: FetchError.self) { try await source.plan([:]) }
        #expect(error?.code == .tooLarge)
    }
}
