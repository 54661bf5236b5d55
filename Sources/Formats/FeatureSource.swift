/// The source of the features of a list, page by page in one order.
package protocol FeatureSource: Sendable {
    /// The cursor: the place of a feature in that order.
    associatedtype Position: Sendable

    static var properties: [FeatureProperty] { get }
    static var shape: FeatureShape { get }

    /// At most `limit` features that come after a cursor.
    func page(after position: Position?, limit: Int) async throws -> FeaturePage<Position>

    /// The text of a cursor in a URL.
    func text(_ position: Position) -> String
}

/// A page of features.
package struct FeaturePage<Position: Sendable>: Sendable {
    package var rows: [(feature: Feature, position: Position)]
    /// Whether the page ends early because its features are long, so that there may be more.
    package var isCut = false

    package init(rows: [(feature: Feature, position: Position)], isCut: Bool = false) {
        self.rows = rows
        self.isCut = isCut
    }
}

/// The shape of a list's features on a map.
package enum FeatureShape: Hashable, Sendable {
    case points
    /// Outlines of cells.
    case cells
    case none

    /// The formats in which such a list is available.
    package var formats: [ListFormat] { self == .none ? [.json, .csv] : ListFormat.allCases }
}
