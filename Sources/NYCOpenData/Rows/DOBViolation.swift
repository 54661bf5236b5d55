/// A violation of the building code, as the Department of Buildings recorded it.
///
/// ```swift
/// let violations = try await client.getDOBViolations(BBL("1007900009"))
/// for violation in violations.rows where violation.isOpen {
///     print(violation.number ?? violation.id, violation.type ?? "")
/// }
/// ```
public struct DOBViolation: Hashable, Sendable, Codable {
    /// The number of the record in the department's system (`isn_dob_bis_viol`).
    public let id: String
    /// The number of the violation (`number`), such as `V091697LL6291171810`.
    public let number: String?
    /// The day on which it was issued; `nil` where the dataset has none that exists.
    public let issued: CityDay?
    /// The code of its type, such as `LL6291`.
    public let typeCode: String?
    /// The type in words.
    public let type: String?
    /// The category, such as `V-DOB VIOLATION - ACTIVE`. It ends in the state.
    public let category: String?
    /// The day on which it was disposed of.
    public let disposed: CityDay?
    /// The findings in words.
    public let description: String?
    /// The number of the building.
    public let bin: String?
    /// All fields of the row by their names in the dataset.
    public let fields: [String: String]

    /// Whether its category says that it is active.
    public var isOpen: Bool { category?.uppercased().hasSuffix("ACTIVE") == true }
}

extension DOBViolation: NYCRow {
    init?(_ fields: Fields) {
        guard let id = fields["isn_dob_bis_viol"] else { return nil }
        self.id = id
        number = fields["number"]
        issued = CityDay(field: fields["issue_date"])
        typeCode = fields["violation_type_code"]
        type = fields["violation_type"]
        category = fields["violation_category"]
        disposed = CityDay(field: fields["disposition_date"])
        description = fields["description"]
        bin = fields["bin"]
        self.fields = fields
    }

    var sortDay: CityDay? { issued }
}
