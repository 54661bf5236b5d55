import Domain
import Fetch
import Foundation
import Telemetry
import TestSources
import Testing

@testable import NYCOpenData

/// Caches, limits and errors.
@Suite struct FailureTests {
    private let lot: BBL

    init() throws {
        lot = try BBL("1007900009")
    }

    private func failure(_ site: FakeSite, _ adjust: (inout NYCConfiguration) -> Void = { _ in }) async throws
        -> NYCDataError
    {
        let client = try NYCOpenDataClient(site, adjust)
        return try #require(await #expect(throws: NYCDataError.self) { try await client.getHPDViolations(lot) })
    }

    private func source(_ error: NYCDataError) throws -> NYCDataError.SourceFailure {
        guard case .source(let failure) = error else {
            Issue.record("another error: \(error)")
            throw error
        }
        return failure
    }

    @Test func anAnswerIsGivenFromMemoryForFiveMinutes() async throws {
        let site = FakeSite(CityRows.answer)
        let clock = CityClock()
        let client = try NYCOpenDataClient(site, clock: clock)
        let first = try await client.getHPDViolations(lot)
        clock.pass(.seconds(299))
        let second = try await client.getHPDViolations(lot)
        #expect(second.origin == .memory)
        #expect(second.rows == first.rows)
        #expect(second.retrieved == first.retrieved)
        #expect(site.requests.count == 1)
        clock.pass(.seconds(2))
        #expect(try await client.getHPDViolations(lot).origin == .source)
        #expect(site.requests.count == 2)
    }

    @Test func anOldAnswerIsConfirmedByItsTag() async throws {
        let site = FakeSite { request in
            guard request.headers["if-none-match"] != #""v1""# else { return FakeSite.Reply(status: 304) }
            var reply = CityRows.answer(request)
            reply.headers["ETag"] = #""v1""#
            return reply
        }
        let clock = CityClock()
        let client = try NYCOpenDataClient(site, clock: clock)
        let first = try await client.getHPDViolations(lot)
        clock.pass(.seconds(301))
        let second = try await client.getHPDViolations(lot)
        #expect(second.origin == .confirmed)
        #expect(second.rows == first.rows)
    }

    @Test func whileTheSiteIsDownTheLastAnswerIsGivenAndSaysSo() async throws {
        let site = FakeSite { request in request.number == 0 ? CityRows.answer(request) : .html(503) }
        let clock = CityClock()
        let client = try NYCOpenDataClient(site, clock: clock)
        let first = try await client.getHPDViolations(lot)
        clock.pass(.seconds(3600))
        let second = try await client.getHPDViolations(lot)
        #expect(second.isStale)
        #expect(second.rows == first.rows)
        // Another property has no last answer.
        await #expect(throws: NYCDataError.self) { try await client.getHPDViolations(try BBL("1007900010")) }
        // After a day it no longer stands in.
        clock.pass(.seconds(86_400))
        await #expect(throws: NYCDataError.self) { try await client.getHPDViolations(lot) }
    }

    @Test func anotherDayIsAnotherQuestion() async throws {
        let site = FakeSite(CityRows.answer)
        let client = try NYCOpenDataClient(site)
        for day in ["2024-01-01", "2024-01-02", "2024-01-01"] {
            _ = try await client.get311Complaints(lot, days: 7, asOf: CityDay(day))
        }
        #expect(site.requests.count == 2)
    }

    @Test func tooManyRequestsAreAnErrorOfTheirOwn() async throws {
        let site = FakeSite { _ in FakeSite.Reply(status: 429, headers: ["Retry-After": "7"]) }
        let error = try await failure(site)
        guard case .rateLimited(let limited) = error else { throw error }
        #expect(limited.retryAfter == .seconds(7))
        #expect(limited.source == .hpdViolations)
        #expect(error.isTemporary)
        #expect(site.requests.count == 4)
    }

    @Test func aLimitThatPassesIsWaitedFor() async throws {
        let site = FakeSite { request in
            request.number < 2 ? FakeSite.Reply(status: 429) : CityRows.answer(request)
        }
        #expect(try await NYCOpenDataClient(site).getHPDViolations(lot).rows.count == 1)
    }

    @Test func aSiteThatFailsFiveTimesIsLeftAloneForAMinute() async throws {
        let site = FakeSite { request in request.number < 5 ? .html(500) : CityRows.answer(request) }
        let clock = CityClock()
        let client = try NYCOpenDataClient(site, clock: clock)
        await #expect(throws: NYCDataError.self) { try await client.getHPDViolations(lot) }
        let error = await #expect(throws: NYCDataError.self) { try await client.getPermits(lot) }
        guard case .circuitOpen(let open)? = error else { throw CancellationError() }
        #expect(open.source == .permits)
        #expect((open.retryAfter ?? .zero) > .seconds(50))
        let asked = site.requests.count
        await #expect(throws: NYCDataError.self) { try await client.getDOBViolations(lot) }
        #expect(site.requests.count == asked)
        clock.pass(.seconds(61))
        #expect(try await client.getDOBViolations(lot).rows.count == 2)
    }

    @Test(arguments: [
        (
            400, #"{"message": "x", "errorCode": "query.soql.no-such-column", "data": {"column": "bbl"}}"#, "refused",
            "bbl"
        ),
        (
            400, #"{"message": "m", "errorCode": "c", "data": {"data": {"column": "ncategory"}}}"#, "refused",
            "ncategory"
        ),
        (403, #"{"message": "You must be logged in", "error": true}"#, "refused", "logged in"),
        (404, #"{"code": "dataset.missing", "error": true, "message": "Not found"}"#, "missing", "Not found"),
        (404, "<html>", "missing", "404"), (410, "", "missing", "410"),
    ])
    func refusalsSayWhatTheSiteSays(_ status: Int, _ body: String, _ kind: String, _ text: String) async throws {
        let site = FakeSite { _ in .json(body, status: status) }
        let error = try await failure(site)
        let failure = try source(error)
        #expect(failure.kind.rawValue == kind)
        #expect(failure.status == status)
        #expect(error.description.contains(text))
        #expect(error.description.hasPrefix("HPD violations: "))
        #expect(!error.isTemporary)
        #expect(site.requests.count == 1)
    }

    @Test(arguments: ["[1]", #"{"message": "busy"}"#, #"[{"a": 1}"#, "null", "[[]]"])
    func whatIsNoListOfRowsIsAskedForAgainAndNotKept(_ body: String) async throws {
        let site = FakeSite { request in request.number == 0 ? .json(body) : CityRows.answer(request) }
        let client = try NYCOpenDataClient(site)
        let answer = try await client.getHPDViolations(lot)
        #expect(answer.rows.count == 1)
        #expect(site.requests.count == 2)
    }

    @Test func aPageForPeopleIsNoAnswer() async throws {
        let error = try await failure(FakeSite { _ in .html(200) })
        #expect(try source(error).kind == .brokenOff)
        #expect(error.isTemporary)
    }

    @Test func anAnswerThatTheSiteStillWorksOnIsAskedForAgain() async throws {
        let site = FakeSite { request in
            request.number < 6 ? FakeSite.Reply(status: 202) : CityRows.answer(request)
        }
        #expect(try await NYCOpenDataClient(site).getHPDViolations(lot).rows.count == 1)
    }

    @Test func theTokenIsInNoError() async throws {
        let token = "s3cr3t-t0ken/with+signs="
        let encoded = "s3cr3t-t0ken%2Fwith%2Bsigns%3D"
        let site = FakeSite { _ in
            .json(#"{"message": "Invalid app_token \#(token), \#(encoded)", "error": true}"#, status: 403)
        }
        var configuration = NYCConfiguration()
        configuration.appToken = token
        let error = try await failure(site) { $0.appToken = token }
        var dumped = ""
        dump(error, to: &dumped)
        dump(configuration, to: &dumped)
        for text in [error.description, "\(error)", dumped, "\(configuration)", String(reflecting: configuration)] {
            #expect(!text.contains("s3cr3t"), "\(text)")
        }
        #expect(error.description.contains("Invalid app_token"))
    }

    @Test(arguments: ["line\nbreak", "", "naïve", "\0"])
    func aTokenThatCannotBeSentIsRefusedWithoutBeingShown(_ token: String) throws {
        let error = #expect(throws: NYCDataError.self) {
            try NYCOpenDataClient(FakeSite(CityRows.answer)) { $0.appToken = token }
        }
        #expect(try source(try #require(error)).kind == .configuration)
    }

    @Test(arguments: [
        "http://data.cityofnewyork.us", "data.cityofnewyork.us", "", "https://", "https://user:pass@host",
        "https://h/?q",
        "ftp://host",
    ])
    func aSiteThatMayNotBeAskedIsRefused(_ site: String) throws {
        let error = #expect(throws: NYCDataError.self) {
            try NYCOpenDataClient(FakeSite(CityRows.answer)) { $0.site = site }
        }
        #expect(try source(try #require(error)).kind == .configuration)
    }

    @Test func numbersOutOfRangeAreRefused() {
        let faults: [(inout NYCConfiguration) -> Void] = [
            { $0.connections = 0 }, { $0.retries = -1 }, { $0.requestsPerMinute = 0 }, { $0.mostRows = 0 },
            { $0.timeout = .zero }, { $0.openTime = .seconds(-1) }, { $0.failuresToOpen = 0 },
        ]
        for fault in faults {
            #expect(throws: NYCDataError.self) { try NYCOpenDataClient(FakeSite(CityRows.answer), fault) }
        }
    }

    @Test func aCacheThatIsNoneIsAnErrorOfItsOwnWithoutItsPassword() throws {
        let error = #expect(throws: NYCDataError.self) {
            try NYCOpenDataClient(FakeSite(CityRows.answer)) { $0.redisURL = "http://:hunter2@host:1" }
        }
        guard case .cache? = error else { throw CancellationError() }
        #expect(error?.description.contains("hunter2") == false)
        #expect(error?.isTemporary == false)
    }

    @Test func aRedirectToAnotherHostIsNotFollowed() async throws {
        let site = FakeSite { request in
            request.number == 0
                ? FakeSite.Reply(status: 302, headers: ["Location": "https://elsewhere.example/rows"])
                : CityRows.answer(request)
        }
        #expect(try source(try await failure(site)).kind == .refused)
        #expect(site.requests.count == 1)
    }

    @Test func aSiteInAPrivateNetworkIsAskedOnlyIfThatIsAllowed() async throws {
        struct Inside: HostResolver {
            func addresses(of host: String) async throws -> [IPAddress] { [IPAddress("10.0.0.8")].compactMap { $0 } }
        }
        for isAllowed in [false, true] {
            let site = FakeSite(CityRows.answer)
            var configuration = NYCConfiguration()
            configuration.allowsPrivateAddresses = isAllowed
            let client = try NYCOpenDataClient(
                configuration, site, resolver: Inside(), clock: CityClock(), metrics: PrometheusRegistry())
            let rows = try? await client.getHPDViolations(lot).rows.count
            #expect(rows == (isAllowed ? 1 : nil))
            #expect(site.requests.count == (isAllowed ? 1 : 0))
        }
    }

    @Test func aPathOfTheSiteIsKept() async throws {
        let site = FakeSite(CityRows.answer)
        let client = try NYCOpenDataClient(site) { $0.site = "https://proxy.example/nyc/" }
        _ = try await client.getHPDViolations(lot)
        #expect(site.requests.map(\.path) == ["/nyc/resource/wvxf-dwi5.json"])
    }

    @Test func anAnswerInJSONComesBackAsItWas() async throws {
        let answer = try await NYCOpenDataClient(FakeSite(CityRows.answer)).getHPDViolations(lot)
        let json = try JSONEncoder().encode(answer)
        #expect(try JSONDecoder().decode(NYCAnswer<HPDViolation>.self, from: json) == answer)
    }
}
