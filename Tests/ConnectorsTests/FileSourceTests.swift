import Fetch
import Synchronization
import TestSources
import Testing

@testable import Connectors

@Suite struct FileSourceTests {
    private static let csv = """
        feed: file
        source: csv
        url: https://files.example/${KEY}/a.csv.gz
        dataset: file
        mapping: firms
        """
    private static let secrets = ["HEXTANT_SECRET_KEY": "s3cr3t"]
    private static let part = FeedPart("file", version: "")

    @Test func theBytesOfTheSourceStayAsTheyAre() async throws {
        let bytes = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let site = FakeSite { _ in
            FakeSite.Reply(status: 200, headers: ["Content-Type": "application/gzip"], body: bytes)
        }
        let reading = try await Reading(try feed(Self.csv).open(site.fetcher(secrets: Self.secrets)), Self.part)
        #expect(reading.bytes == bytes)
        #expect(reading.fetched.contents == .whole(isFirst: true, isLast: true))
        #expect(site.requests.first?.path == "/s3cr3t/a.csv.gz")
        #expect(reading.fetched.url == "https://files.example/${KEY}/a.csv.gz")
        #expect(!reading.fetched.checkpoint.state.contains("s3cr3t"))
    }

    @Test func anUnchangedFileIsNotReadAgain() async throws {
        let tag = Mutex("\"1\"")
        let site = FakeSite { request in
            let tag = tag.withLock { $0 }
            guard request.headers["if-none-match"] != tag else { return FakeSite.Reply(status: 304) }
            return FakeSite.Reply(status: 200, headers: ["ETag": tag], body: Array("a,b\n1,\(tag)\n".utf8))
        }
        let source = try feed(Self.csv).open(site.fetcher(secrets: Self.secrets))
        let first = try await Reading(source, Self.part)
        let second = try await Reading(source, Self.part, held: first.fetched.checkpoint)
        #expect(second.fetched.contents == .nothing)
        #expect(second.fetched.checkpoint == first.fetched.checkpoint)
        tag.withLock { $0 = "\"2\"" }
        let third = try await Reading(source, Self.part, held: second.fetched.checkpoint)
        #expect(third.fetched.contents == .whole(isFirst: true, isLast: true))
    }

    @Test func theSameBytesAreTheSameFileWhateverItsHeaderSays() async throws {
        let number = Mutex(0)
        let site = FakeSite { _ in
            let tag = number.withLock { number in
                number += 1
                return "\"\(number)\""
            }
            return FakeSite.Reply(status: 200, headers: ["ETag": tag], body: Array("a,b\n".utf8))
        }
        let source = try feed(Self.csv).open(site.fetcher(secrets: Self.secrets))
        let first = try await Reading(source, Self.part)
        let second = try await Reading(source, Self.part, held: first.fetched.checkpoint)
        #expect(second.fetched.contents == .nothing)
        // The newer tag is asked with from now on.
        #expect(second.fetched.checkpoint != first.fetched.checkpoint)
    }

    @Test func aFileForEachDayIsAPart() async throws {
        let text = Self.csv.replacing("${KEY}/a.csv.gz", with: "{day}.csv") + "\ndays: 3"
        let site = FakeSite { request in FakeSite.Reply(body: Array("a,b\n\(request.path)\n".utf8)) }
        let source = try feed(text).open(site.fetcher())
        let plan = try await source.plan([:])
        #expect(plan.parts.map(\.name) == ["2026-06-15", "2026-06-14", "2026-06-13"])
        let reading = try await Reading(source, plan.parts[1])
        #expect(String(decoding: reading.bytes, as: UTF8.self) == "a,b\n/2026-06-14.csv\n")
        #expect(reading.fetched.contents == .whole(isFirst: true, isLast: true))
        for wrong in [
            text.replacing("{day}", with: "day"), text.replacing("\ndays: 3", with: ""), text + "\ncontents: recent",
        ] {
            #expect(throws: FeedFault.self) { try feed(wrong) }
        }
    }

    @Test func aPageForPeopleIsNoFile() async throws {
        let source = try feed(Self.csv).open(FakeSite { _ in .html(200) }.fetcher(secrets: Self.secrets))
        await #expect(throws: SourceError.self) { try await Reading(source, Self.part) }
    }

    @Test func aFileThatBreaksOffIsReadAgainFromItsBeginning() async throws {
        let bytes = Array(String(repeating: "0123456789\n", count: 1000).utf8)
        let site = FakeSite { request in
            FakeSite.Reply(status: 200, body: bytes, breaksAfter: request.number < 2 ? 5000 : nil)
        }
        let reading = try await Reading(try feed(Self.csv).open(site.fetcher(secrets: Self.secrets)), Self.part)
        #expect(reading.bytes == bytes)
    }

    private static let quakes = """
        feed: quakes
        source: geojson
        url: https://quakes.example/all_week.geojson
        dataset: quakes
        mapping: usgs-geojson
        """

    private static func collection(_ features: [(id: String, updated: Int)]) -> FakeSite.Reply {
        let texts = features.map {
            #"{"type":"Feature","properties":{"updated":\#($0.updated)},"geometry":null,"id":"\#($0.id)"}"#
        }
        return .json(
            #"{"type":"FeatureCollection","metadata":{"count":3},"features":[\#(texts.joined(separator: ",\n"))]}"#)
    }

    @Test func ofSeveralFeaturesWithOneIdTheNewestCounts() async throws {
        let site = FakeSite { _ in Self.collection([("a", 5), ("b", 1), ("a", 9), ("a", 7), ("c", 2)]) }
        let source = try feed(Self.quakes + "\nidentity: id\nversion: properties.updated").open(site.fetcher())
        let reading = try await Reading(source, Self.part)
        #expect(reading.values("id") == ["a", "b", "c"])
        #expect(reading.values("properties.updated") == ["9", "1", "2"])
        #expect(reading.fetched.contents == .changes)
    }

    @Test func withoutIdentityAllFeaturesCome() async throws {
        let site = FakeSite { _ in Self.collection([("a", 5), ("a", 9)]) }
        let reading = try await Reading(try feed(Self.quakes).open(site.fetcher()), Self.part)
        #expect(reading.values("properties.updated") == ["5", "9"])
    }

    @Test(arguments: [#"{"type":"Feature"}"#, "[]", "{}"]) func whatIsNoCollectionIsRefused(_ text: String) async throws
    {
        let source = try feed(Self.quakes).open(FakeSite { _ in .json(text) }.fetcher())
        await #expect(throws: SourceError.self) { try await Reading(source, Self.part) }
    }
}

@Suite struct OpendatasoftSourceTests {
    private static let text = """
        feed: ods
        source: opendatasoft
        site: ods.example
        resource: parking
        dataset: ods
        mapping: m
        """
    private static let part = FeedPart("parking", version: "v")

    private static func site(_ count: Int, extra: Int = 0) -> FakeSite {
        FakeSite { request in
            func records(_ range: Range<Int>) -> String { range.map { #"{"n":\#($0)}"# }.joined(separator: ",") }
            if request.path.hasSuffix("/exports/json") { return .json("[\(records(0..<count))]") }
            guard request.path.hasSuffix("/records") else {
                return .json(
                    #"{"dataset_id":"parking","metas":{"default":{"records_count":\#(count),"data_processed":"2026-01-01"}}}"#
                )
            }
            let offset = Int(request.query["offset"] ?? "") ?? 0
            let limit = Int(request.query["limit"] ?? "") ?? 10
            guard limit <= 100, offset + limit <= 10_000 else {
                return .json(
                    #"{"error_code":"InvalidRESTParameterError","message":"Invalid value for limit"}"#, status: 400)
            }
            let total = request.number > 1 ? count + extra : count
            return .json(
                #"{"total_count":\#(total),"results":[\#(records(min(offset, count)..<min(offset + limit, count)))]}"#)
        }
    }

    @Test(arguments: [0, 1, 100, 101, 250, 10_000, 10_001]) func allRecordsComeByPagesOrByExport(_ count: Int)
        async throws
    {
        let site = Self.site(count)
        let reading = try await Reading(try feed(Self.text).open(site.fetcher()), Self.part)
        #expect(reading.rows.count == count)
        #expect(Set(reading.values("n")).count == count)
        #expect(site.requests.contains { $0.path.hasSuffix("/exports/json") } == (count > 10_000))
    }

    @Test func recordsThatComeWhileTheyAreReadAreNoticed() async throws {
        let source = try feed(Self.text).open(Self.site(500, extra: 1).fetcher())
        let error = await #expect(throws: SourceError.self) { try await Reading(source, Self.part) }
        #expect(error?.code == .changed)
    }

    @Test func aRenewedDatasetIsReadAgain() async throws {
        let source = try feed(Self.text).open(Self.site(5).fetcher())
        let plan = try await source.plan([:])
        #expect(plan.parts.map(\.version) == ["2026-01-01 5"])
        #expect(try await source.plan(["parking": Checkpoint(version: "2026-01-01 5")]).parts.isEmpty)
        #expect(try await source.plan(["parking": Checkpoint(version: "2026-01-01 4")]).parts.count == 1)
    }
}
