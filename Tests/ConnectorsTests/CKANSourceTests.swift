import Fetch
import Synchronization
import TestSources
import Testing

@testable import Connectors

@Suite struct CKANSourceTests {
    private static let id = "9d7c2214-4709-478a-a2e8-fb2020a5bb94"
    private static let text = """
        feed: boston
        source: ckan
        site: data.example
        resource: \(id)
        page: 50
        rows_per_batch: 1000
        dataset: boston
        mapping: boston-311
        """

    /// A resource whose server lowers every limit without saying so, and whose links to next pages have no end.
    private final class Resource: Sendable {
        /// The ids of the rows, by `_id` from 1.
        let rows: Mutex<[Int]>
        let modified = Mutex("2024-01-01T00:00:00")
        let cap: Int

        init(_ rows: [Int], cap: Int = 7) {
            self.rows = Mutex(rows)
            self.cap = cap
        }

        func answer(_ request: FakeSite.Request) -> FakeSite.Reply {
            if request.path.hasSuffix("resource_show") {
                let modified = modified.withLock { $0 }
                return .json(
                    #"{"help":"h","success":true,"result":{"datastore_active":true,"last_modified":"\#(modified)"}}"#
                )
            }
            let rows = rows.withLock { $0 }
            let offset = Int(request.query["offset"] ?? "") ?? 0
            let limit = min(Int(request.query["limit"] ?? "") ?? 100, cap)
            let texts = rows.enumerated().dropFirst(offset).prefix(limit).map {
                #"{"_id":\#($0.offset + 1),"case":"\#($0.element)"}"#
            }
            return .json(
                #"{"help":"h","success":true,"result":{"include_total":true,"limit":\#(limit),"records":["#
                    + texts.joined(separator: ",")
                    + #"],"fields":[{"id":"_id","type":"int"}],"_links":{"next":"/api/x?offset=\#(offset + 100)"},"#
                    + #""total":\#(rows.count),"total_was_estimated":false}}"#
            )
        }
    }

    private static let part = FeedPart(id, version: "v")

    @Test(arguments: [0, 1, 6, 7, 8, 100]) func allRowsComeOnceThoughTheLimitIsLowered(_ count: Int) async throws {
        let resource = Resource(Array(100..<100 + count))
        let reading = try await Reading(try feed(Self.text).open(FakeSite { resource.answer($0) }.fetcher()), Self.part)
        #expect(reading.values("case") == (100..<100 + count).map { "\($0)" })
        #expect(reading.fetched.contents == .whole(isFirst: true, isLast: true))
    }

    @Test func pagesThatEndTooEarlyAreNotTakenForTheWhole() async throws {
        let resource = Resource(Array(0..<30))
        let isBroken = Mutex(true)
        // As if the rows from the fifteenth on were gone.
        let site = FakeSite { request in
            guard isBroken.withLock({ $0 }), (Int(request.query["offset"] ?? "") ?? 0) >= 14 else {
                return resource.answer(request)
            }
            return .json(#"{"success":true,"result":{"records":[],"total":30}}"#)
        }
        let source = try feed(Self.text).open(site.fetcher())
        let part = try await source.plan([:]).parts[0]
        let error = await #expect(throws: SourceError.self) { try await Reading(source, part) }
        #expect(error?.code == .changed)
        #expect(error?.problem.contains("14 of 30") == true)
        isBroken.withLock { $0 = false }
        #expect(try await Reading(source, part).rows.count == 30)
        // Rows that are really gone are no fault.
        resource.rows.withLock { $0.removeLast(10) }
        #expect(try await Reading(source, part).rows.count == 20)
    }

    @Test func pagesWithoutEndHaveOne() async throws {
        let site = FakeSite { request in
            let offset = Int(request.query["offset"] ?? "") ?? 0
            let rows = (offset..<offset + 5000).map { #"{"_id":\#($0 + 1)}"# }
            return .json(#"{"success":true,"result":{"records":[\#(rows.joined(separator: ","))],"total":10}}"#)
        }
        let source = try feed(Self.text.replacing("rows_per_batch: 1000", with: "rows_per_batch: 100000"))
            .open(site.fetcher())
        let error = await #expect(throws: SourceError.self) {
            try await Reading(source, FeedPart(Self.id, version: "2024-01-01 10"))
        }
        #expect(error?.code == .shape)
        #expect(site.requests.count == 5)
    }

    @Test func aSecondRunAsksForTheVersionAlone() async throws {
        let resource = Resource([1, 2, 3])
        let site = FakeSite { resource.answer($0) }
        let source = try feed(Self.text).open(site.fetcher())
        let plan = try await source.plan([:])
        let first = try await Reading(source, plan.parts[0])
        site.forget()
        #expect(try await source.plan([Self.id: first.fetched.checkpoint]).parts.isEmpty)
        #expect(site.requests.map(\.path) == ["/api/3/action/resource_show", "/api/3/action/datastore_search"])
    }

    @Test func appendedRowsAloneAreReadAndALoadedResourceWhole() async throws {
        let resource = Resource(Array(0..<20))
        let source = try feed(Self.text + "\ncontents: appended").open(FakeSite { resource.answer($0) }.fetcher())
        let first = try await Reading(source, try await source.plan([:]).parts[0])
        resource.rows.withLock { $0 += [20, 21] }
        let appended = try await Reading(
            source, try await source.plan([:]).parts[0], held: first.fetched.checkpoint)
        #expect(appended.values("case") == ["20", "21"])
        #expect(appended.fetched.contents == .changes)
        // The site loads all rows again: the same number, in another order.
        resource.rows.withLock { $0.reverse() }
        let again = try await Reading(source, Self.part, held: appended.fetched.checkpoint)
        #expect(again.rows.count == 22)
        #expect(again.fetched.contents == .whole(isFirst: true, isLast: true))
        // Fewer rows than are held.
        resource.rows.withLock { $0.removeLast(10) }
        let fewer = try await Reading(source, Self.part, held: again.fetched.checkpoint)
        #expect(fewer.rows.count == 12)
        #expect(fewer.fetched.contents == .whole(isFirst: true, isLast: true))
    }

    @Test func aResourceThatChangedIsReadAgainUnlessRowsAreOnlyAppended() async throws {
        let resource = Resource(Array(0..<20))
        let source = try feed(Self.text).open(FakeSite { resource.answer($0) }.fetcher())
        let first = try await Reading(source, Self.part)
        // A row within changes, and the last one stays.
        resource.rows.withLock { $0[3] = 99 }
        let again = try await Reading(source, Self.part, held: first.fetched.checkpoint)
        #expect(again.values("case").contains("99"))
        #expect(again.fetched.contents == .whole(isFirst: true, isLast: true))
    }

    @Test func aReadingDuringWhichTheResourceChangedIsNotGoneOnWith() async throws {
        let resource = Resource(Array(0..<50))
        for more in ["", "\ncontents: appended"] {
            let text = Self.text.replacing("rows_per_batch: 1000", with: "rows_per_batch: 20") + more
            let source = try feed(text).open(FakeSite { resource.answer($0) }.fetcher())
            let piece = try await Reading(source, try await source.plan([:]).parts[0])
            #expect(piece.fetched.hasMore)
            resource.modified.withLock { $0 += "1" }
            let again = try await Reading(
                source, try await source.plan([:]).parts[0], held: piece.fetched.checkpoint)
            #expect(again.fetched.contents == .whole(isFirst: true, isLast: false))
            #expect(again.values("case").first == "0")
        }
    }

    @Test func nothingIsTakenAsAppendedToWhatChangedWhileItWasRead() async throws {
        let resource = Resource(Array(0..<20))
        let source = try feed(Self.text + "\ncontents: appended").open(FakeSite { resource.answer($0) }.fetcher())
        let plan = try await source.plan([:])
        resource.modified.withLock { $0 += "1" }
        let first = try await Reading(source, plan.parts[0])
        let second = try await Reading(
            source, try await source.plan([:]).parts[0], held: first.fetched.checkpoint)
        #expect(second.rows.count == 20)
        #expect(second.fetched.contents == .whole(isFirst: true, isLast: true))
    }

    @Test func aLargeResourceComesInBatches() async throws {
        let resource = Resource(Array(0..<50))
        let source = try feed(Self.text.replacing("rows_per_batch: 1000", with: "rows_per_batch: 20"))
            .open(FakeSite { resource.answer($0) }.fetcher())
        var held: Checkpoint?
        var cases: [String] = []
        var contents: [RowContents] = []
        for _ in 0..<3 {
            let reading = try await Reading(source, Self.part, held: held)
            cases += reading.values("case")
            contents.append(reading.fetched.contents)
            held = reading.fetched.checkpoint
        }
        #expect(cases == (0..<50).map { "\($0)" })
        #expect(
            contents == [
                .whole(isFirst: true, isLast: false), .whole(isFirst: false, isLast: false),
                .whole(isFirst: false, isLast: true),
            ])
    }

    @Test func rowsThatAreNumberedAnewWhileTheyAreReadAreNoticed() async throws {
        let site = FakeSite { request in
            .json(#"{"success":true,"result":{"records":[{"_id":5,"case":"1"}],"total":100}}"#)
        }
        let error = await #expect(throws: SourceError.self) {
            try await Reading(try feed(Self.text).open(site.fetcher()), Self.part)
        }
        #expect(error?.code == .changed)
    }

    /// The forms of `errors.json` among the samples.
    @Test(arguments: [
        (
            404,
            #"{"success":false,"error":{"__type":"Not Found Error","message":"לא נמצא: Resource was not found."}}"#,
            SourceError.Code.missing, "Not Found Error: לא נמצא: Resource was not found."
        ),
        (
            409, #"{"success":false,"error":{"resource_id":["Missing value"],"__type":"Validation Error"}}"#, .refused,
            "Validation Error: resource_id: Missing value"
        ),
        (
            409, #"{"success":false,"error":{"filters":"Cannot parse JSON","__type":"Validation Error"}}"#, .refused,
            "Validation Error: filters: Cannot parse JSON"
        ),
        (
            404, #"{"success":false,"error":{"rows":["Invalid integer"],"__type":"Validation Error"}}"#, .refused,
            "Invalid integer"
        ),
        (
            403, #"{"success":false,"error":{"__type":"Authorization Error","message":"Access denied"}}"#, .refused,
            "Access denied"
        ),
        (
            400, #""Bad request - Action name not known: datastore_serch""#, .refused,
            "Action name not known: datastore_serch"
        ),
        (
            200, #"{"success":false,"error":{"__type":"Internal Error","message":"boom"}}"#, .refused,
            "Internal Error: boom"
        ),
        (200, #"{"help":"h"}"#, .refused, "an error without a message"),
    ])
    func errorsAreToldInTheWordsOfTheSource(_ status: Int, _ body: String, _ code: SourceError.Code, _ text: String)
        async throws
    {
        let source = try feed(Self.text).open(FakeSite { _ in .json(body, status: status) }.fetcher())
        for error in [
            await #expect(throws: SourceError.self) { try await Reading(source, Self.part) },
            await #expect(throws: SourceError.self) { _ = try await source.plan([:]) },
        ] {
            #expect(error?.code == code)
            #expect(error?.problem.contains(text) == true, "\(error?.problem ?? "")")
        }
    }

    @Test func filtersAreSentAsJSON() async throws {
        let resource = Resource([1])
        let site = FakeSite { resource.answer($0) }
        let source = try feed(Self.text + "\nfilters: {Fiscal Year: 2024, Dept: [a, \"b\\\"c\"]}").open(site.fetcher())
        _ = try await Reading(source, Self.part)
        #expect(site.requests.first?.query["filters"] == #"{"Fiscal Year":["2024"],"Dept":["a","b\"c"]}"#)
        #expect(site.requests.first?.query["sort"] == "_id asc")
    }

    @Test func aResourceThatIsAFileAloneIsSaid() async throws {
        let site = FakeSite { _ in .json(#"{"success":true,"result":{"datastore_active":false}}"#) }
        let error = await #expect(throws: SourceError.self) {
            _ = try await feed(Self.text).open(site.fetcher()).plan([:])
        }
        #expect(error?.problem.contains("source: csv") == true)
    }

    @Test func severalResourcesArePartsAndOneThatIsGoneLeavesTheOthersAlone() async throws {
        let other = "b973d8cb-eeb2-4e7e-99da-c92938efc9c0"
        let held = Resource([1, 2, 3])
        let site = FakeSite { request in
            let name = request.query["id"] ?? request.query["resource_id"]
            guard name == Self.id else {
                return .json(#"{"success":false,"error":{"__type":"Not Found Error","message":"x"}}"#, status: 404)
            }
            return held.answer(request)
        }
        let text = Self.text.replacing("resource: \(Self.id)", with: "resource: [\(Self.id), \(other)]")
        let source = try feed(text).open(site.fetcher())
        let plan = try await source.plan([:])
        #expect(plan.offered == 2)
        #expect(plan.parts.map(\.name) == [Self.id, other])
        #expect(try await Reading(source, plan.parts[0]).values("case") == ["1", "2", "3"])
        let error = await #expect(throws: SourceError.self) { try await Reading(source, plan.parts[1]) }
        #expect(error?.code == .missing)
    }
}
