/// The source of the features of a list, page by page in one order.
package protocol FeatureSource: Sendable {
    /// The cursor: the place of a feature in that order.
    associatedtype Cursor: Sendable

    static var properties: [FeatureProperty] { get }
    static var shape: FeatureShape { get }

    /// At most `limit` features that come after a cursor.
    func page(after cursor: Cursor?, limit: Int) async throws -> FeaturePage<Cursor>

    /// The text of a cursor in a URL.
    func text(_ cursor: Cursor) -> String
}

/// A page of features.
package struct FeaturePage<Cursor: Sendable>: Sendable {
    package var rows: [(feature: Feature, cursor: Cursor)]
    /// Whether the page ends early because its features are long, so that there may be more.
    package var isCut = false

    package init(rows: [(feature: Feature, cursor: Cursor)], isCut: Bool = false) {
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
