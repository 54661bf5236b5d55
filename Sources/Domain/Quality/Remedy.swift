/// A rule of a mapping that mends a known fault of its records. Batches count by its name how many it mended.
///
/// The raw values are stable: they are stored, counted and documented.
package enum Remedy: String, CaseIterable, Sendable {
    /// Longitude and latitude that are outside the mapping's bounds, and inside them when exchanged, are exchanged.
    case swappedCoordinates = "swapped_coordinates"
    /// The word false in a column of other values stands for a missing value.
    case falseForNull = "false_for_null"
    /// A number that the source wrote as a text becomes a number in the attributes.
    case numbersAsText = "numbers_as_text"
}

/// The number of records that each rule mended.
package struct RemedyCounts: Hashable, Sendable {
    package private(set) var byName: [String: Int]

    package init(_ byName: [String: Int] = [:]) { self.byName = byName }

    package mutating func add(_ remedy: Remedy, _ count: Int = 1) {
        guard count > 0 else { return }
        byName[remedy.rawValue, default: 0] += count
    }

    package mutating func add(_ others: RemedyCounts) {
        byName.merge(others.byName) { $0 + $1 }
    }
}
