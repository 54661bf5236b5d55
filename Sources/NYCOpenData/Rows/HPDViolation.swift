/// A violation of the housing code, as the Department of Housing Preservation and Development recorded it.
///
/// ```swift
/// let violations = try await client.getHPDViolations(BBL("1007900009"))
/// let urgent = violations.rows.filter { $0.isOpen && $0.hazard == .immediate }
/// print(urgent.count, "immediately hazardous")
/// ```
public struct HPDViolation: Hashable, Sendable, Codable {
    /// How hazardous it is; the raw value is the letter of the class.
    public enum Hazard: String, Hashable, Sendable, Codable {
        /// Class A.
        case none = "A"
        /// Class B.
        case hazardous = "B"
        /// Class C.
        case immediate = "C"
        /// Class I: an order or a notice, no condition of the house.
        case information = "I"
    }

    /// The number of the violation.
    public let id: String
    /// Its class; `nil` for a letter that is not known.
    public let hazard: Hazard?
    /// The day of the inspection that found it.
    public let inspected: CityDay?
    /// The day on which it was approved.
    public let approved: CityDay?
    /// The findings in words, with the section of the law.
    public let description: String?
    /// The state in words, such as `NOV SENT OUT`.
    public let status: String?
    /// The apartment.
    public let apartment: String?
    /// The number of the building.
    public let bin: String?
    /// The longitude of the building in degrees (WGS 84).
    public let longitude: Double?
    /// The latitude of the building in degrees (WGS 84).
    public let latitude: Double?
    /// All fields of the row by their names in the dataset.
    public let fields: [String: String]

    /// Whether it is open (`violationstatus`).
    public var isOpen: Bool { fields["violationstatus"]?.lowercased() == "open" }
}

extension HPDViolation: NYCRow {
    init?(_ fields: Fields) {
        guard let id = fields["violationid"] else { return nil }
        self.id = id
        hazard = fields["class"].flatMap { Hazard(rawValue: $0.uppercased()) }
        inspected = CityDay(field: fields["inspectiondate"])
        approved = CityDay(field: fields["approveddate"])
        description = fields["novdescription"]
        status = fields["currentstatus"]
        apartment = fields["apartment"]
        bin = fields["bin"]
        longitude = fields.degrees("longitude", 180)
        latitude = fields.degrees("latitude", 90)
        self.fields = fields
    }

    var sortDay: CityDay? { inspected }
}
