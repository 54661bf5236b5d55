package import Domain

/// The source of a list, page by page in one order, whose rows become features.
package protocol FeatureSource: Sendable {
    associatedtype Row: Listed

    static var properties: [FeatureProperty] { get }
    static var shape: FeatureShape { get }

    func page(_ page: PageRequest<Row>) async throws -> Page<Row>

    /// The feature of a row, with a value for each of ``properties``.
    func feature(_ row: Row) -> Feature

    /// The text of a cursor in a URL.
    func text(_ cursor: Row.Cursor) -> String

    /// The id that no other row of the source has, on whatever page.
    func id(of row: Row) -> String
}

extension FeatureSource {
    /// The text of the row's cursor.
    package func id(of row: Row) -> String { text(row.cursor) }
}

/// The shape of a list's features on a map.
package enum FeatureShape: Hashable, Sendable {
    case points
    /// Outlines of cells.
    case cells
    /// Boundaries of areas, or points inside them.
    case areas
    case none

    /// The formats in which such a list is available.
    package var formats: [ListFormat] { self == .none ? [.json, .csv] : ListFormat.allCases }
}
