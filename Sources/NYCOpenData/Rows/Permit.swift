/// A building permit.
///
/// ```swift
/// let permits = try await client.getPermits(BBL("1007900009"))
/// let older = try await client.getPermits(BBL("1007900009"), from: .bis)
/// print(permits.rows.count, "since DOB NOW,", older.rows.count, "before")
/// ```
public struct Permit: Hashable, Sendable, Codable {
    /// A system of the Department of Buildings, each with its own dataset.
    public enum System: Hashable, Sendable {
        /// DOB NOW, in use since 2016.
        case dobNow
        /// The Buildings Information System before it, which still has permits of older jobs.
        case bis
    }

    /// The number of the permit; where the dataset has none, that of the job with its sequence number.
    public let id: String
    /// The number of the job that it is for.
    public let job: String?
    /// The work that it permits.
    public let workType: String?
    /// The state in words.
    public let status: String?
    /// The day on which it was issued.
    public let issued: CityDay?
    /// The day on which it ends.
    public let expires: CityDay?
    /// The work in more detail.
    public let description: String?
    /// The number of the building.
    public let bin: String?
    /// The longitude in degrees (WGS 84).
    public let longitude: Double?
    /// The latitude in degrees (WGS 84).
    public let latitude: Double?
    /// All fields of the row by their names in the dataset.
    public let fields: [String: String]
}

extension Permit: NYCRow {
    /// Names of the older dataset are mangled: `job__` was "Job #" before.
    init?(_ fields: Fields) {
        let job = fields["job_filing_number"] ?? fields["job__"]
        let sequence = fields["permit_sequence__"].map { "-\($0)" } ?? ""
        guard let id = fields["work_permit"] ?? fields["permit_si_no"] ?? job.map({ $0 + sequence }) else { return nil }
        self.id = id
        self.job = job
        workType = fields["work_type"] ?? fields["permit_type"]
        status = fields["permit_status"]
        issued = CityDay(field: fields["issued_date"] ?? fields["issuance_date"])
        expires = CityDay(field: fields["expired_date"] ?? fields["expiration_date"])
        description = fields["job_description"]
        bin = fields["bin"] ?? fields["bin__"]
        longitude = fields.degrees("longitude", 180) ?? fields.degrees("gis_longitude", 180)
        latitude = fields.degrees("latitude", 90) ?? fields.degrees("gis_latitude", 90)
        self.fields = fields
    }

    var sortDay: CityDay? { issued }
}

extension Permit.System {
    var source: NYCSource {
        switch self {
        case .dobNow: .permits
        case .bis: .olderPermits
        }
    }
}
