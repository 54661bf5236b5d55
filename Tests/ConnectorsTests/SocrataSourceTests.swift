import Fetch
import Synchronization
import TestSources
import Testing

@testable import Connectors

@Suite struct SocrataSourceTests {
    private static let text = """
        feed: nyc
        source: socrata
        site: data.example
        resource: erm2-nwe9
        page: 10
        rows_per_batch: 1000
        dataset: nyc
        mapping: nyc-311-api
        """

    struct Row: Hashable, Sendable {
        var id: String
        var updated: String
        var value: Int
    }

    /// A dataset that answers as SODA does. Rows come in no order unless one is asked for.
    final class Dataset: Sendable {
        let rows: Mutex<[Row]>
        /// Called before each page with its number, from 0.
        let before = Mutex<(@Sendable (Int, inout [Row]) -> Void)?>(nil)
        private let pages = Mutex(0)
        /// The most rows that a page has, whatever is asked for.
        let cap: Int

        init(_ rows: [Row], cap: Int = .max) {
            self.rows = Mutex(rows)
            self.cap = cap
        }

        func answer(_ request: FakeSite.Request) -> FakeSite.Reply {
            if request.query["$select"]?.contains("count(*)") == true {
                return rows.withLock { rows in
                    let newest = rows.map(\.updated).max().map { #","newest":"\#($0)""# } ?? ""
                    return .json(#"[{"row_count":"\#(rows.count)"\#(newest)}]"#)
                }
            }
            let page = pages.withLock { pages in
                defer { pages += 1 }
                return pages
            }
            if let change = before.withLock({ $0 }) { rows.withLock { change(page, &$0) } }
            var found = rows.withLock { $0 }
            // The two forms of condition that the source is asked with.
            let texts = (request.query["$where"] ?? "").split(separator: "'").enumerated()
                .filter { $0.offset % 2 == 1 }.map { String($0.element) }
            if texts.count == 3 {
                found = found.filter { $0.updated > texts[0] || $0.updated == texts[1] && $0.id > texts[2] }
            }
            if texts.count == 1 { found = found.filter { $0.updated >= texts[0] } }
            if request.query["$order"] == ":updated_at, :id" {
                found.sort { ($0.updated, $0.id) < ($1.updated, $1.id) }
            } else {
                found.shuffle()
            }
            let limit = min(Int(request.query["$limit"] ?? "") ?? 1000, cap)
            let texts2 = found.prefix(limit).map {
                #"{":id":"\#($0.id)",":updated_at":"\#($0.updated)","unique_key":"\#($0.id)","value":"\#($0.value)"}"#
            }
            return .json("[\(texts2.joined(separator: ",\n"))]")
        }
    }

    private static func row(_ number: Int, minute: Int? = nil, value: Int = 0) -> Row {
        let minute = minute ?? number / 3
        let (hours, minutes) = (minute / 60, minute % 60)
        let clock = "\(hours < 10 ? "0" : "")\(hours):\(minutes < 10 ? "0" : "")\(minutes)"
        return Row(id: "row-\(1000 + number)", updated: "2024-01-01T\(clock):00.000Z", value: value)
    }

    private static func site(_ dataset: Dataset) -> FakeSite { FakeSite { dataset.answer($0) } }

    private static let part = FeedPart("rows", version: "v")

    @Test(arguments: [0, 1, 9, 10, 11, 30, 95]) func allRowsComeOnce(_ count: Int) async throws {
        let dataset = Dataset((0..<count).map { Self.row($0) }.shuffled())
        let reading = try await Reading(try feed(Self.text).open(Self.site(dataset).fetcher()), Self.part)
        #expect(reading.values("unique_key").sorted() == (0..<count).map { "row-\(1000 + $0)" })
        #expect(!reading.fetched.hasMore)
        #expect(reading.fetched.contents == (count == 0 ? .nothing : .changes))
    }

    @Test func aPageThatTheSourceShortensIsNotTheLast() async throws {
        let dataset = Dataset((0..<37).map { Self.row($0) }, cap: 4)
        let reading = try await Reading(try feed(Self.text).open(Self.site(dataset).fetcher()), Self.part)
        #expect(Set(reading.values("unique_key")).count == 37)
        #expect(reading.rows.count == 37)
    }

    @Test func rowsThatComeOrChangeBetweenTwoPagesMoveNothing() async throws {
        let dataset = Dataset((0..<30).map { Self.row($0) })
        dataset.before.withLock {
            $0 = { page, rows in
                guard page == 1 else { return }
                // One that sorts before everything, one that was read and changes, and one that was not.
                rows.append(Row(id: "row-0001", updated: "2024-01-01T09:00:00.000Z", value: 7))
                rows[2] = Row(id: rows[2].id, updated: "2024-01-01T09:01:00.000Z", value: 8)
                rows[25] = Row(id: rows[25].id, updated: "2024-01-01T09:02:00.000Z", value: 9)
            }
        }
        let reading = try await Reading(try feed(Self.text).open(Self.site(dataset).fetcher()), Self.part)
        var last: [String: String] = [:]
        for row in reading.rows { last[row["unique_key"]?.text ?? ""] = row["value"]?.text }
        #expect(last.count == 31)
        #expect(last["row-0001"] == "7")
        #expect(last["row-1002"] == "8")
        #expect(last["row-1025"] == "9")
    }

    @Test func aLaterRunTakesWhatChangedSince() async throws {
        let dataset = Dataset((0..<30).map { Self.row($0, minute: $0 * 10) })
        let site = Self.site(dataset)
        let source = try feed(Self.text + "\noverlap_minutes: 15").open(site.fetcher())
        let plan = try await source.plan([:])
        let first = try await Reading(source, plan.parts[0])
        let held = ["rows": first.fetched.checkpoint]
        site.forget()
        #expect(try await source.plan(held).parts.isEmpty)
        #expect(site.requests.count == 1)
        dataset.rows.withLock { rows in
            rows[3] = Row(id: rows[3].id, updated: "2024-01-01T08:00:00.000Z", value: 5)
        }
        let second = try await source.plan(held)
        let changed = try await Reading(source, second.parts[0], held: first.fetched.checkpoint)
        // The last row was of 04:50; those from 04:35 on are read again.
        #expect(changed.values("unique_key") == ["row-1028", "row-1029", "row-1003"])
    }

    @Test func aLargeDatasetComesInBatchesFromCheckpointToCheckpoint() async throws {
        let dataset = Dataset((0..<95).map { Self.row($0, minute: 0) })
        let source = try feed(Self.text.replacing("rows_per_batch: 1000", with: "rows_per_batch: 20"))
            .open(Self.site(dataset).fetcher())
        var held: Checkpoint?
        var keys: [String] = []
        var batches = 0
        repeat {
            let reading = try await Reading(source, Self.part, held: held)
            keys += reading.values("unique_key")
            held = reading.fetched.checkpoint
            batches += 1
            if !reading.fetched.hasMore { break }
        } while batches < 20
        #expect(keys == (0..<95).map { "row-\(1000 + $0)" })
        #expect(batches == 5)
    }

    @Test func aDatasetThatBecomesEmptyIsSaid() async throws {
        let dataset = Dataset([Self.row(1)])
        let source = try feed(Self.text).open(Self.site(dataset).fetcher())
        let first = try await Reading(source, Self.part)
        dataset.rows.withLock { $0 = [] }
        let plan = try await source.plan(["rows": first.fetched.checkpoint])
        #expect(plan.parts.isEmpty)
        #expect(plan.findings == ["the dataset erm2-nwe9 has become empty"])
    }

    @Test func workInProgressIsWaitedForAndABrokenPageReadAgain() async throws {
        let dataset = Dataset((0..<25).map { Self.row($0) })
        let site = FakeSite { request in
            switch request.number {
            case 0, 1: .json("", status: 202)
            case 2, 6:
                // Breaks within a row.
                FakeSite.Reply(status: 200, body: dataset.answer(request).body, breaksAfter: 500)
            case 3: .html(200)
            case 4: .json("", status: 429)
            default: dataset.answer(request)
            }
        }
        let reading = try await Reading(try feed(Self.text).open(site.fetcher()), Self.part)
        #expect(reading.values("unique_key") == (0..<25).map { "row-\(1000 + $0)" })
    }

    /// The forms of `errors.json` among the samples, in the words of the source.
    @Test(arguments: [
        (
            400,
            #"{"message":"Query error","errorCode":"query.soql.no-such-column","data":{"column":"nope_col"}}"#,
            SourceError.Code.refused, "query.soql.no-such-column: Query error (column nope_col)"
        ),
        (
            400, #"{"message":"m","errorCode":"c","data":{"data":{"column":"ncategory"}}}"#, .refused,
            "c: m (column ncategory)"
        ),
        (403, #"{"message":"You must be logged in","error":true}"#, .refused, "You must be logged in"),
        (404, "", .missing, "the source answered 404"),
        (200, #"{"code":"permission_denied","error":true,"message":"no"}"#, .refused, "permission_denied: no"),
    ])
    func errorsAreToldInTheWordsOfTheSource(_ status: Int, _ body: String, _ code: SourceError.Code, _ text: String)
        async throws
    {
        let source = try feed(Self.text).open(FakeSite { _ in .json(body, status: status) }.fetcher())
        let error = await #expect(throws: SourceError.self) { try await Reading(source, Self.part) }
        #expect(error?.code == code)
        #expect(error?.problem.contains(text) == true, "\(error?.problem ?? "")")
    }

    @Test func rowsWithoutOrderAreNoticed() async throws {
        let rows = (0..<10).map { #"{":id":"row-\#($0 % 2)",":updated_at":"2024-01-01T00:00:00.000Z"}"# }.joined(
            separator: ",")
        let source = try feed(Self.text).open(FakeSite { _ in .json("[\(rows)]") }.fetcher())
        let error = await #expect(throws: SourceError.self) { try await Reading(source, Self.part) }
        #expect(error?.code == .shape)
    }

    @Test func theTokenIsSentAndNotShown() async throws {
        let site = FakeSite { _ in .json("[]") }
        let source = try feed(Self.text + "\ntoken: ${NYC_TOKEN}\nwhere: borough = 'BRONX'").open(
            site.fetcher(secrets: ["HEXTANT_SECRET_NYC_TOKEN": "s3cr3t"]))
        let reading = try await Reading(source, Self.part)
        #expect(site.requests.first?.headers["x-app-token"] == "s3cr3t")
        #expect(site.requests.first?.query["$where"] == "(borough = 'BRONX')")
        #expect(!reading.fetched.url.contains("s3cr3t"))
        let without = try feed(Self.text + "\ntoken: ${NYC_TOKEN}").open(site.fetcher())
        await #expect(throws: FetchError.self) { try await without.plan([:]) }
    }
}
