/// A service request to 311.
///
/// ```swift
/// let complaints = try await client.get311Complaints(BBL("3022320009"), days: 90)
/// print(complaints.rows.map { "\($0.created?.description ?? "?") \($0.type ?? "?")" })
/// ```
public struct Complaint311: Hashable, Sendable, Codable {
    /// The number of the request (`unique_key`).
    public let id: String
    /// The day on which it was made, in New York. Its time is in `fields["created_date"]`, without a zone.
    public let created: CityDay?
    /// The day on which it was closed.
    public let closed: CityDay?
    /// The agency that it went to, such as `NYPD`.
    public let agency: String?
    /// The kind of complaint, such as `Noise - Residential`.
    public let type: String?
    /// The complaint in more detail.
    public let descriptor: String?
    /// The state in words, such as `Closed`.
    public let status: String?
    /// The measures that were taken.
    public let resolution: String?
    /// The longitude in degrees (WGS 84).
    public let longitude: Double?
    /// The latitude in degrees (WGS 84).
    public let latitude: Double?
    /// All fields of the row by their names in the dataset.
    public let fields: [String: String]

    /// Whether it is not closed.
    public var isOpen: Bool { status?.lowercased() != "closed" }
}

extension Complaint311: NYCRow {
    init?(_ fields: Fields) {
        guard let id = fields["unique_key"] else { return nil }
        self.id = id
        created = CityDay(field: fields["created_date"])
        closed = CityDay(field: fields["closed_date"])
        agency = fields["agency"]
        type = fields["complaint_type"]
        descriptor = fields["descriptor"]
        status = fields["status"]
        resolution = fields["resolution_description"]
        longitude = fields.degrees("longitude", 180)
        latitude = fields.degrees("latitude", 90)
        self.fields = fields
    }

    var sortDay: CityDay? { created }
}
