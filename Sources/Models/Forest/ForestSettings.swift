/// How a forest is grown.
package struct ForestSettings: Hashable, Sendable, Codable {
    /// The number of trees. They are grown in ``rounds`` parts, so that a training tells its progress and can be
    /// cancelled.
    package var trees = 100
    package var rounds = 10
    /// The most questions from the root to a leaf.
    package var depth = 8
    /// The fewest payments of a leaf.
    package var leastRows = 5
    /// The share of the payments that each tree sees, and of the features that each of its nodes may ask about.
    package var rowShare = 0.632
    package var columnShare = 0.4
    /// The number of values of a feature between which a node may divide.
    package var bins = 256
    package var seed: UInt64

    package init(seed: UInt64) { self.seed = seed }

    package enum CodingKeys: String, CodingKey {
        case trees, rounds, depth, bins, seed
        case leastRows = "least_rows"
        case rowShare = "row_share"
        case columnShare = "column_share"
    }
}

/// The library that grows forests.
package enum ForestLibrary {
    /// The name and version, such as `XGBoost 1.7.4`.
    package static var name: String { "XGBoost \(Forest.version)" }
}
