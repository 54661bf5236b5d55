import Domain
import Fetch
import NIOCore
import Synchronization
import Telemetry
import TestSources

@testable import NYCOpenData

/// A clock on which every pause is over at once, and which a test moves on.
final class CityClock: FetchClock {
    private let elapsed = Mutex<UInt64>(0)

    var now: NIODeadline { .uptimeNanoseconds(elapsed.withLock { $0 }) }

    /// 2024-06-15 at noon UTC, 08:00 in New York, and what has passed since.
    var date: Instant { Instant(seconds: 1_718_452_800) + .nanoseconds(elapsed.withLock { $0 }) }

    func sleep(until time: NIODeadline) async throws {
        let isNear = elapsed.withLock { elapsed in
            guard time.uptimeNanoseconds < elapsed + 25_000_000_000 else { return false }
            elapsed = max(elapsed, time.uptimeNanoseconds)
            return true
        }
        // A watch over a try looks farther ahead; it waits until its task is cancelled.
        if !isNear {
            let (stream, continuation) = AsyncStream<Never>.makeStream()
            for await _ in stream {}
            continuation.finish()
        }
        try Task.checkCancellation()
    }

    func pass(_ duration: Duration) {
        elapsed.withLock { $0 += UInt64(duration / .nanoseconds(1)) }
    }
}

struct CityNames: HostResolver {
    func addresses(of host: String) async throws -> [IPAddress] { [IPAddress("93.184.216.34")].compactMap { $0 } }
}

extension NYCOpenDataClient {
    /// A client of a made-up site.
    convenience init(
        _ site: any Transport, clock: CityClock = CityClock(), _ adjust: (inout NYCConfiguration) -> Void = { _ in }
    ) throws {
        var configuration = NYCConfiguration()
        adjust(&configuration)
        try self.init(
            configuration, site, resolver: CityNames(), clock: clock, jitter: { 1 }, metrics: PrometheusRegistry())
    }
}

/// Records of the recorded answers of the city, and made-up ones of the same form.
enum CityRows {
    /// A record of `3h2n-5cm9` as it was published, but for the blanks behind its street.
    static let dob = """
        {":id": "row-a", "isn_dob_bis_viol": "493111", "boro": "1", "bin": "1014517", "block": "00790",
         "lot": "00009", "issue_date": "19970916", "violation_type_code": "LL6291", "violation_number": "171810",
         "house_number": "147R", "street": "WEST   14 STREET            ", "device_number": "00913773",
         "number": "V091697LL6291171810", "violation_category": "V-DOB VIOLATION - ACTIVE",
         "violation_type": "LL6291-LOCAL LAW 62/91 - BOILERS"}
        """

    static let dobResolved = """
        {":id": "row-b", "isn_dob_bis_viol": "2015519", "issue_date": "20151002", "disposition_date": "20160307",
         "violation_category": "V*-DOB VIOLATION - Resolved"}
        """

    static let hpd = """
        {":id": "row-c", "violationid": "10000001", "class": "C", "inspectiondate": "2024-03-02T00:00:00.000",
         "approveddate": "2024-03-04T00:00:00.000", "novdescription": "SECTION 27-2005",
         "currentstatus": "NOV SENT OUT", "violationstatus": "Open",
         "latitude": "40.737", "longitude": "-73.999", "bin": "1014517", "apartment": "2B"}
        """

    /// A record of `erm2-nwe9` as it was published, shortened.
    static let complaint = #"""
        {":id": "row-d", "unique_key": "55577067", "created_date": "2022-10-01T23:24:42.000",
         "closed_date": "2022-10-01T23:28:08.000", "agency": "NYPD", "complaint_type": "Animal-Abuse",
         "descriptor": "Tortured", "status": "Closed", "bbl": "3022320009", "latitude": "40.701777357509755",
         "longitude": "-73.95552043960885", ":@computed_region_sbqj_enih": "53",
         "location": {"latitude": "40.701777357509755", "longitude": "-73.95552043960885",
          "human_address": "{\"address\": \"\", \"city\": \"\"}"}}
        """#

    static let permit = """
        {":id": "row-e", "work_permit": "M00000001-I1-GC", "job_filing_number": "M00000001-I1",
         "work_type": "General Construction", "permit_status": "Permit Issued",
         "issued_date": "2024-02-02T00:00:00.000", "expired_date": "2025-06-30T00:00:00.000",
         "bin": "1014517", "latitude": "0", "longitude": "0"}
        """

    static let olderPermit = """
        {":id": "row-f", "job__": "100000001", "permit_sequence__": "01", "issuance_date": "01/31/2007",
         "bin__": "1014517", "permit_type": "EW", "gis_latitude": "40.7", "gis_longitude": "-74.0"}
        """

    static func page(_ rows: String...) -> FakeSite.Reply { .json("[\(rows.joined(separator: ",\n"))]") }

    /// A site with one record, or two, in each dataset.
    static func answer(_ request: FakeSite.Request) -> FakeSite.Reply {
        switch request.path.split(separator: "/").last {
        case "3h2n-5cm9.json": page(dob, dobResolved)
        case "wvxf-dwi5.json": page(hpd)
        case "erm2-nwe9.json": page(complaint)
        case "rbx6-tga4.json": page(permit)
        case "ipu4-2q9a.json": page(olderPermit)
        default: .json(#"{"code": "dataset.missing", "error": true, "message": "Not found"}"#, status: 404)
        }
    }
}
