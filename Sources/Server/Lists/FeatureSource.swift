/// Where the features of a list come from, page by page in one order.
protocol FeatureSource: Sendable {
    /// Where a feature stands in that order.
    associatedtype Position: Sendable

    static var properties: [FeatureProperty] { get }
    static var shape: FeatureShape { get }

    /// At most `limit` features that come after `position`.
    func page(after position: Position?, limit: Int) async throws -> FeaturePage<Position>

    /// The position as it stands in an address.
    func text(_ position: Position) -> String
}

/// Some features of a list, one after the other.
struct FeaturePage<Position: Sendable>: Sendable {
    var rows: [(feature: Feature, position: Position)]
    /// Whether it ends early because its features are long, so that there may be more.
    var isCut = false
}

/// What the features of a list are on a map.
enum FeatureShape: Hashable, Sendable {
    case points
    /// Outlines of cells.
    case cells
    case none

    /// The forms in which such a list can be had.
    var formats: [ListFormat] { self == .none ? [.json, .csv] : ListFormat.allCases }
}
