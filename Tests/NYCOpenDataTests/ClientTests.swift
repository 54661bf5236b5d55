import Fetch
import Foundation
import TestSources
import Testing

@testable import NYCOpenData

/// The questions of a client, and what becomes of the answers.
@Suite struct ClientTests {
    private let lot: BBL

    init() throws {
        lot = try BBL("1007900009")
    }

    private func asked(_ get: (NYCOpenDataClient, BBL) async throws -> Void) async throws -> FakeSite.Request {
        let site = FakeSite(CityRows.answer)
        try await get(try NYCOpenDataClient(site) { $0.appToken = "t0ken" }, lot)
        #expect(site.requests.count == 1)
        return try #require(site.requests.first)
    }

    @Test func violationsOfTheBuildingCodeAreAskedForByPartsOfTheNumber() async throws {
        let request = try await asked { _ = try await $0.getDOBViolations($1) }
        #expect(request.path == "/resource/3h2n-5cm9.json")
        #expect(
            request.query["$where"]
                == "boro = '1' AND block in ('00790', '0790', '790') AND lot in ('00009', '0009', '009', '09', '9')")
        #expect(request.query["$order"] == ":id")
        #expect(request.query["$limit"] == "1000")
        #expect(request.headers["x-app-token"] == "t0ken")
        #expect(!request.url.contains("t0ken"))
    }

    @Test func otherDatasetsAreAskedForByTheNumber() async throws {
        let hpd = try await asked { _ = try await $0.getHPDViolations($1) }
        let permits = try await asked { _ = try await $0.getPermits($1) }
        #expect([hpd.path, permits.path] == ["/resource/wvxf-dwi5.json", "/resource/rbx6-tga4.json"])
        #expect([hpd, permits].map { $0.query["$where"] } == ["bbl = '1007900009'", "bbl = '1007900009'"])
        let older = try await asked { _ = try await $0.getPermits($1, from: .bis) }
        #expect(older.path == "/resource/ipu4-2q9a.json")
        #expect(older.query["$where"]?.hasPrefix("borough = 'MANHATTAN' AND block in ('00790'") == true)
    }

    @Test func complaintsAreThoseOfTheDaysThatEndWithTheDay() async throws {
        let week = try await asked {
            _ = try await $0.get311Complaints($1, days: 7, asOf: CityDay("2024-03-03"))
        }
        #expect(
            week.query["$where"]
                == "bbl = '1007900009' AND created_date >= '2024-02-26T00:00:00' "
                + "AND created_date < '2024-03-04T00:00:00'")
        // The clock stands on the morning of 2024-06-15, so a year of 365 days begins on 2023-06-17.
        let year = try await asked { _ = try await $0.get311Complaints($1) }
        #expect(
            year.query["$where"]
                == "bbl = '1007900009' AND created_date >= '2023-06-17T00:00:00' "
                + "AND created_date < '2024-06-16T00:00:00'")
    }

    @Test func violationsOfTheBuildingCodeAreRead() async throws {
        let answer = try await NYCOpenDataClient(FakeSite(CityRows.answer)).getDOBViolations(lot)
        #expect(answer.rows.map(\.id) == ["2015519", "493111"])
        #expect(answer.rows.map(\.isOpen) == [false, true])
        #expect(answer.rows[0].disposed == CityDay("2016-03-07"))
        let row = answer.rows[1]
        #expect(row.issued == CityDay("1997-09-16"))
        #expect(row.number == "V091697LL6291171810")
        #expect(row.fields["street"] == "WEST   14 STREET")
        #expect(row.disposed == nil)
        #expect(answer.origin == .source)
        #expect(answer.retrieved == Date(timeIntervalSince1970: 1_718_452_800))
    }

    @Test func violationsOfTheHousingCodeAreRead() async throws {
        let row = try #require(try await NYCOpenDataClient(FakeSite(CityRows.answer)).getHPDViolations(lot).rows.first)
        #expect(row.hazard == .immediate)
        #expect(row.inspected == CityDay("2024-03-02"))
        #expect(row.isOpen)
        #expect(row.status == "NOV SENT OUT")
        #expect(row.latitude == 40.737)
        #expect(row.longitude == -73.999)
    }

    @Test func complaintsAreRead() async throws {
        let row = try #require(try await NYCOpenDataClient(FakeSite(CityRows.answer)).get311Complaints(lot).rows.first)
        #expect(row.created == CityDay("2022-10-01"))
        #expect(!row.isOpen)
        #expect(row.fields["created_date"] == "2022-10-01T23:24:42.000")
        #expect(row.fields["location.human_address"] == #"{"address": "", "city": ""}"#)
        // Fields of the site itself are left out.
        #expect(row.fields.keys.allSatisfy { !$0.hasPrefix(":") })
        #expect(row.resolution == nil)
    }

    @Test func permitsOfBothSystemsAreRead() async throws {
        let client = try NYCOpenDataClient(FakeSite(CityRows.answer))
        let permit = try #require(try await client.getPermits(lot).rows.first)
        #expect(permit.id == "M00000001-I1-GC")
        #expect(permit.issued == CityDay("2024-02-02"))
        // No place in New York is at zero degrees: it is how some rows say that there is none.
        #expect(permit.latitude == nil)
        let older = try #require(try await client.getPermits(lot, from: .bis).rows.first)
        #expect(older.id == "100000001-01")
        #expect(older.issued == CityDay("2007-01-31"))
        #expect(older.bin == "1014517")
        #expect(older.latitude == 40.7)
    }

    @Test func valuesOfOtherKindsAreReadAsTexts() async throws {
        let site = FakeSite { _ in
            .json(
                #"[{":id": "r", "unique_key": 7, "created_date": null, "closed": true, "x": 1.5, "list": [1], "#
                    + #""blank": " "}]"#
            )
        }
        let row = try #require(try await NYCOpenDataClient(site).get311Complaints(lot).rows.first)
        #expect(row.fields == ["unique_key": "7", "closed": "true", "x": "1.5"])
    }

    @Test func aRowWithoutAnIDIsLeftOut() async throws {
        let site = FakeSite { _ in CityRows.page(#"{":id": "r", "agency": "HPD"}"#, CityRows.complaint) }
        #expect(try await NYCOpenDataClient(site).get311Complaints(lot).rows.map(\.id) == ["55577067"])
    }

    @Test func nothingIsAnAnswerToo() async throws {
        let answer = try await NYCOpenDataClient(FakeSite { _ in .json("[]") }).getPermits(lot)
        #expect(answer.rows.isEmpty)
        #expect(answer.origin == .source)
    }

    /// Rows with the numbers of a range, in the order of their ids.
    private static func rows(_ numbers: Range<Int>) -> FakeSite.Reply {
        .json("[" + numbers.map { #"{":id": "row-\#($0)", "violationid": "\#($0)"}"# }.joined(separator: ",") + "]")
    }

    @Test(arguments: [1000, 1001, 2500])
    func allPagesAreRead(_ count: Int) async throws {
        let site = FakeSite { request in
            let start = request.query["$where"]?.split(separator: "row-").last.flatMap { Int($0.dropLast()) }
            let first = start.map { $0 + 1 } ?? 0
            return Self.rows(first..<min(count, first + 1000))
        }
        let answer = try await NYCOpenDataClient(site).getHPDViolations(lot)
        #expect(Set(answer.rows.map(\.id)).count == count)
        #expect(site.requests.count == count / 1000 + 1)
        #expect(site.requests[1].query["$where"] == "(bbl = '1007900009') AND :id > 'row-999'")
    }

    @Test func aRowThatComesOnTwoPagesIsOne() async throws {
        let site = FakeSite { request in Self.rows(request.number == 0 ? 0..<1000 : 990..<1010) }
        #expect(try await NYCOpenDataClient(site).getHPDViolations(lot).rows.count == 1010)
    }

    @Test func moreRowsThanAllowedAreAnErrorAndNoPart() async throws {
        let site = FakeSite { request in Self.rows(request.number * 1000..<request.number * 1000 + 1000) }
        let client = try NYCOpenDataClient(site) { $0.mostRows = 2500 }
        let error = await #expect(throws: NYCDataError.self) { try await client.getHPDViolations(lot) }
        guard case .source(let failure)? = error else { throw CancellationError() }
        #expect(failure.kind == .tooLarge)
        #expect(failure.source == .hpdViolations)
        #expect(site.requests.count == 3)
    }

    @Test func aSiteThatGoesInCirclesIsNotFollowed() async throws {
        let site = FakeSite { _ in Self.rows(0..<1000) }
        let client = try NYCOpenDataClient(site)
        let error = await #expect(throws: NYCDataError.self) { try await client.getHPDViolations(lot) }
        guard case .source(let failure)? = error else { throw CancellationError() }
        #expect(failure.kind == .malformed)
        #expect(site.requests.count == 2)
    }

    @Test func anIDThatCouldEndItsQuotesIsNotAskedFor() async throws {
        let rows = (0..<1000).map { #"{":id": "row-\#($0)' OR 1=1", "violationid": "\#($0)"}"# }
        let site = FakeSite { _ in .json("[\(rows.joined(separator: ","))]") }
        let client = try NYCOpenDataClient(site)
        await #expect(throws: NYCDataError.self) { try await client.getHPDViolations(lot) }
        #expect(site.requests.count == 1)
    }
}
