/// A dataset of New York that is asked for a property.
///
/// ```swift
/// for source in NYCSource.standard { print(source.title, source.dataset) }
/// ```
public enum NYCSource: String, Hashable, Sendable, Codable, CaseIterable {
    /// Violations of the building code (`3h2n-5cm9`).
    case dobViolations = "dob-violations"
    /// Violations of the housing code (`wvxf-dwi5`).
    case hpdViolations = "hpd-violations"
    /// Service requests to 311 (`erm2-nwe9`).
    case complaints311 = "311-complaints"
    /// Permits of DOB NOW, the system in use since 2016 (`rbx6-tga4`).
    case permits
    /// Permits of the older system, BIS (`ipu4-2q9a`).
    case olderPermits = "older-permits"

    /// The four that a batch asks for unless told otherwise: all but the older permits.
    public static let standard: Set<NYCSource> = [.dobViolations, .hpdViolations, .complaints311, .permits]

    /// The identifier of the dataset on data.cityofnewyork.us.
    public var dataset: String {
        switch self {
        case .dobViolations: "3h2n-5cm9"
        case .hpdViolations: "wvxf-dwi5"
        case .complaints311: "erm2-nwe9"
        case .permits: "rbx6-tga4"
        case .olderPermits: "ipu4-2q9a"
        }
    }

    /// The name for people.
    public var title: String {
        switch self {
        case .dobViolations: "DOB violations"
        case .hpdViolations: "HPD violations"
        case .complaints311: "311 complaints"
        case .permits: "permits"
        case .olderPermits: "older permits"
        }
    }

    /// The condition on the rows of a property, in SoQL.
    ///
    /// Three of the datasets have the number of the lot. The two of the older system have its parts, as texts that some
    /// loads padded and others did not.
    func condition(_ bbl: BBL) -> String {
        let parts = "block in (\(Self.forms(bbl.block))) AND lot in (\(Self.forms(bbl.lot)))"
        return switch self {
        case .hpdViolations, .complaints311, .permits: "bbl = '\(bbl)'"
        case .dobViolations: "boro = '\(bbl.borough.rawValue)' AND \(parts)"
        case .olderPermits: "borough = '\(bbl.borough.description.uppercased())' AND \(parts)"
        }
    }

    /// A number padded to each width from its own to five digits, as a list of SoQL.
    private static func forms(_ number: Int) -> String {
        let width = String(number).utf8.count
        return (width...5).reversed().map { "'\(BBL.padded(number, to: $0))'" }.joined(separator: ", ")
    }
}
