/// The limit to what a reader may know of small counts of a dataset (docs/limits.md).
///
/// Every query of counts carries one, and the store alone turns it into statements. A route gets it with the
/// ``DatasetStatus`` that the catalogue gives to its client, and never decides by itself.
package enum Disclosure: Hashable, Sendable {
    /// Every count as it is.
    case exact
    /// Counts of at least this number, rounded down to a multiple of it. Smaller ones are hidden, and all other figures
    /// follow from the counts that are shown.
    case atLeast(Int)

    /// The numbers that a dataset may have as its minimum.
    package static let minima = 2...1000

    /// The least count that is shown; `nil` where every count is.
    package var minimum: Int? {
        switch self {
        case .exact: nil
        case .atLeast(let minimum): minimum
        }
    }
}

extension Dataset {
    /// The limit for readers without the right to small counts.
    package var disclosure: Disclosure { minimumCount.map(Disclosure.atLeast) ?? .exact }
}

extension DatasetStatus {
    /// The status as a reader sees it.
    /// - Parameter seesSmallCounts: Whether the reader has the right to small counts.
    package func disclosed(seesSmallCounts: Bool) -> DatasetStatus {
        guard dataset.disclosure != .exact, !seesSmallCounts else { return self }
        var status = self
        status.disclosure = dataset.disclosure
        // Outlooks are made of exact counts.
        status.outlookDays = []
        // The first day and the outermost cell may have a single event.
        (status.days, status.bounds) = (disclosedDays, disclosedBounds)
        // A live day says that something happened on it.
        status.changed = refreshed
        return status
    }
}
