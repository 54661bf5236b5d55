import Fetch
import Synchronization
import TestSources
import Testing

@testable import Connectors

@Suite struct UKPoliceSourceTests {
    private static let stops = """
        feed: stops
        source: uk-police
        collect: stops-force
        forces: [metropolitan, city-of-london]
        dataset: stops
        mapping: uk-stops-api
        """

    /// The source as two tables that a test may change.
    private final class Tables: Sendable {
        let dates = Mutex(
            #"[{"date":"2024-02","stop-and-search":["metropolitan","essex"]},{"date":"2024-01","stop-and-search":["city-of-london","metropolitan"]},{"date":"2023-12","stop-and-search":[]}]"#
        )
        let updated = Mutex("2024-03-01")
        let stops = Mutex("[]")
    }

    private static func site(_ tables: Tables) -> FakeSite {
        FakeSite { request in
            switch request.path {
            case "/api/crimes-street-dates": .json(tables.dates.withLock { $0 })
            case "/api/crime-last-updated": .json(#"{"date":"\#(tables.updated.withLock { $0 })"}"#)
            case "/api/stops-force": .json(tables.stops.withLock { $0 })
            default: .json("{}", status: 404)
            }
        }
    }

    private static func held(_ parts: [FeedPart]) -> [String: Checkpoint] {
        Dictionary(
            uniqueKeysWithValues: parts.map { ($0.name, Checkpoint(version: $0.version, state: #"{"rows":1}"#)) })
    }

    @Test func partsAreTheMonthsThatTheSourceListsForTheForces() async throws {
        let source = try feed(Self.stops).open(Self.site(Tables()).fetcher())
        let plan = try await source.plan([:])
        #expect(plan.parts.map(\.name) == ["metropolitan/2024-02", "metropolitan/2024-01", "city-of-london/2024-01"])
        #expect(plan.findings.isEmpty)
    }

    @Test func aSecondRunAsksForWhatThereIsAndNothingElse() async throws {
        let tables = Tables()
        let site = Self.site(tables)
        let source = try feed(Self.stops).open(site.fetcher())
        let held = Self.held(try await source.plan([:]).parts)
        site.forget()
        #expect(try await source.plan(held).parts.isEmpty)
        #expect(Set(site.requests.map(\.path)) == ["/api/crimes-street-dates", "/api/crime-last-updated"])
        #expect(site.requests.count == 2)
    }

    @Test func aLateForceIsReadAndARenewalReadsTheNewestMonthsAgain() async throws {
        let tables = Tables()
        let source = try feed(Self.stops + "\nrecheck: 1").open(Self.site(tables).fetcher())
        let held = Self.held(try await source.plan([:]).parts)
        tables.dates.withLock { $0 = $0.replacing("\"essex\"", with: "\"essex\",\"city-of-london\"") }
        #expect(try await source.plan(held).parts.map(\.name) == ["city-of-london/2024-02"])
        tables.updated.withLock { $0 = "2024-04-01" }
        #expect(
            try await source.plan(held).parts.map(\.name) == ["metropolitan/2024-02", "city-of-london/2024-02"])
    }

    @Test func monthsBeyondTheBoundsAreLeftOut() async throws {
        let source = try feed(Self.stops + "\nfrom: 2024-02\nto: 2024-02").open(Self.site(Tables()).fetcher())
        let plan = try await source.plan([:])
        #expect(plan.parts.map(\.name) == ["metropolitan/2024-02"])
        #expect(plan.findings == ["the source offers no month of the force city-of-london"])
    }

    /// Equal records in any order and with their fields in any order have the same ids; `false`, `""`, null and a
    /// missing field say the same.
    @Test func anIdentityDependsOnFieldsAloneAndCountsEqualRecords() async throws {
        let tables = Tables()
        let source = try feed(Self.stops).open(Self.site(tables).fetcher())
        let part = FeedPart("metropolitan/2024-01", version: "v")
        func read(_ rows: [String], held: Checkpoint? = nil) async throws -> Reading {
            tables.stops.withLock { $0 = "[\(rows.joined(separator: ",\n"))]" }
            return try await Reading(source, part, held: held)
        }
        let when = #""type":"Person search","datetime":"2024-01-06T22:45:00+00:00""#
        let a = #"{\#(when),"outcome":false,"location":{"latitude":"51.5","longitude":"-0.1"}}"#
        let same =
            #"{"location":{"longitude":"-0.1","latitude":"51.5"},"outcome":"","outcome_object":{"id":"","name":""},"#
            + #""operation":null,\#(when)}"#
        let b = #"{\#(when),"outcome":"Summons \/ charged by post","location":null}"#
        let first = try await read([a, b, a])
        let ids = first.values("_id")
        #expect(Set(ids).count == 3)
        #expect(ids[2] == ids[0] + ".2")
        #expect(first.values("_part") == Array(repeating: "metropolitan", count: 3))
        #expect(first.values("_month").first == "2024-01")
        #expect(first.values("outcome")[1] == "Summons / charged by post")
        #expect(first.fetched.contents == .whole(isFirst: true, isLast: true))
        let second = try await read([same, a, b.replacing(#"\/"#, with: "/")], held: first.fetched.checkpoint)
        #expect(Set(second.values("_id")) == Set(ids))
        #expect(second.fetched.contents == .nothing)
        let corrected = try await read([a, b], held: first.fetched.checkpoint)
        #expect(corrected.fetched.contents == .whole(isFirst: true, isLast: true))
        // The same record of another force is another.
        let other = try await Reading(source, FeedPart("city-of-london/2024-01", version: "v"))
        #expect(Set(other.values("_id")).isDisjoint(with: ids))
    }

    @Test func anEmptyMonthIsNoFault() async throws {
        let source = try feed(Self.stops).open(Self.site(Tables()).fetcher())
        let reading = try await Reading(source, FeedPart("metropolitan/2024-01", version: "v"))
        #expect(reading.rows.isEmpty)
        #expect(reading.fetched.contents == .whole(isFirst: true, isLast: true))
    }

    @Test(arguments: [404, 500]) func aMonthThatTheSourceDroppedIsNoFault(_ status: Int) async throws {
        let site = FakeSite { request in
            request.path == "/api/crimes-street-dates" ? .json("[]") : .json("", status: status)
        }
        let source = try feed(Self.stops).open(site.fetcher())
        let reading = try await Reading(source, FeedPart("metropolitan/2021-01", version: "v"))
        #expect(reading.fetched.contents == .nothing)
        #expect(reading.fetched.findings.count == 1)
        // It did not count against the source, and is read should it come back.
        #expect(site.requests.count == 2)
        let back = try feed(Self.stops).open(Self.site(Tables()).fetcher())
        let held = ["metropolitan/2024-01": reading.fetched.checkpoint]
        #expect(try await back.plan(held).parts.contains { $0.name == "metropolitan/2024-01" })
    }

    @Test func aFaultOfAMonthThatIsListedIsOne() async throws {
        let site = FakeSite { request in
            request.path == "/api/crimes-street-dates"
                ? .json(#"[{"date":"2024-01","stop-and-search":["metropolitan"]}]"#) : .json("", status: 500)
        }
        let source = try feed(Self.stops).open(site.fetcher())
        await #expect(throws: FetchError.self) {
            try await Reading(source, FeedPart("metropolitan/2024-01", version: "v"))
        }
    }

    private static let crimes = """
        feed: crimes
        source: uk-police
        collect: crimes-street
        areas: {city: [-0.2, 51.4, 0.0, 51.5], centre: "51.5,-0.1:51.6,-0.1:51.6,0"}
        dataset: crimes
        mapping: uk-crimes-api
        """

    /// Points on a grid, and a source that gives at most ten at once and refuses more by 503. The ring is a box here.
    private static func crimeSite(html: Set<Int> = []) -> FakeSite {
        FakeSite { request in
            if html.contains(request.number) { return .html(503) }
            let corners = (request.query["poly"] ?? "").split(separator: ":").map {
                $0.split(separator: ",").compactMap { Double($0) }
            }
            let (south, north) = (corners.map { $0[0] }.min() ?? 0, corners.map { $0[0] }.max() ?? 0)
            let (west, east) = (corners.map { $0[1] }.min() ?? 0, corners.map { $0[1] }.max() ?? 0)
            var rows: [String] = []
            for row in 0..<5 {
                for column in 0..<9 {
                    let (latitude, longitude) = (51.4 + 0.025 * Double(row), -0.2 + 0.025 * Double(column))
                    guard (south - 1e-9...north + 1e-9).contains(latitude),
                        (west - 1e-9...east + 1e-9).contains(longitude)
                    else { continue }
                    rows.append(#"{"id":\#(row * 9 + column),"category":"burglary","month":"2024-01"}"#)
                }
            }
            return rows.count > 10 ? Reply(status: 503) : .json("[\(rows.joined(separator: ","))]")
        }
    }

    private typealias Reply = FakeSite.Reply

    @Test func anAreaWithTooManyCrimesIsReadInPiecesAndEachCrimeOnce() async throws {
        let site = Self.crimeSite()
        let source = try feed(Self.crimes).open(site.fetcher())
        let reading = try await Reading(source, FeedPart("city/2024-01", version: "v"))
        #expect(reading.values("id").compactMap { Int($0) }.sorted() == Array(0..<45))
        #expect(reading.fetched.requests == site.requests.count)
    }

    @Test func aPageForPeopleIsNoSignOfTooManyCrimes() async throws {
        let site = Self.crimeSite(html: [0, 1])
        let source = try feed(Self.crimes).open(site.fetcher())
        let reading = try await Reading(source, FeedPart("city/2024-01", version: "v"))
        #expect(reading.rows.count == 45)
        // The same request, three times.
        #expect(Set(site.requests.prefix(3).map(\.url)).count == 1)
    }

    @Test func aLongRingIsSentAsAForm() async throws {
        let ring = (0..<300).map { "51.\(String(500 + $0)),-0.\(String(100 + $0 * $0 % 800))" }.joined(separator: ":")
        let site = FakeSite { _ in .json("[]") }
        let source = try feed(Self.crimes.replacing("51.5,-0.1:51.6,-0.1:51.6,0", with: ring)).open(site.fetcher())
        _ = try await Reading(source, FeedPart("centre/2024-01", version: "v"))
        _ = try await Reading(source, FeedPart("city/2024-01", version: "v"))
        #expect(site.requests.map(\.method) == ["POST", "GET"])
        #expect(site.requests[0].query["poly"]?.split(separator: ":").count == 300)
        #expect(site.requests.allSatisfy { $0.url.utf8.count <= 4094 })
    }
}

@Suite struct RingTests {
    /// The area by the shoelace formula, in square degrees.
    private func area(_ ring: Ring) -> Double {
        let corners = ring.corners
        return abs(
            corners.indices.reduce(0.0) { sum, index in
                let (a, b) = (corners[index], corners[(index + 1) % corners.count])
                return sum + a.longitude * b.latitude - b.longitude * a.latitude
            }) / 2
    }

    @Test(arguments: [
        ("0,0:0,4:2,4:2,0", 8.0), ("0,0:0,4:4,0", 8.0), ("0,0:0,6:6,6:6,0:3,3", 27.0),
    ])
    func halvesTogetherHaveTheAreaOfTheWhole(_ text: String, _ whole: Double) throws {
        let ring = try #require(Ring(text))
        #expect(abs(area(ring) - whole) < 1e-9)
        var parts = [ring]
        for _ in 0..<5 {
            parts = parts.flatMap(\.halves)
            #expect(abs(parts.map(area).reduce(0, +) - whole) < 1e-9)
        }
    }

    @Test func cornersAreWrittenWithSixDecimals() {
        #expect(
            Ring(box: [-0.5, 51.25, 0.1234567, 52])?.text
                == "51.250000,-0.500000:51.250000,0.123457:52.000000,0.123457:52.000000,-0.500000")
    }

    @Test(arguments: ["", "1,2", "1,2:3,4", "1,2:3,4:1,2", "91,0:1,1:2,2", "1;2:3;4:5;6", "a,b:c,d:e,f"])
    func whatIsNoRingIsNone(_ text: String) {
        #expect(Ring(text) == nil)
    }
}
