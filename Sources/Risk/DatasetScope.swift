/// Which datasets somebody may see.
package struct DatasetScope: Hashable, Sendable {
    /// Datasets that may be seen besides those that are named.
    package enum Base: String, Sendable {
        case all
        /// Those that anybody may see.
        case open
        case none
    }

    package let base: Base
    /// Slugs.
    package let named: Set<String>

    package static let all = Self(.all)

    package init(_ base: Base, named: Set<String> = []) {
        self.base = base
        self.named = named
    }

    /// - Parameter isPublic: Whether anybody may see the dataset.
    package func covers(_ dataset: String, isPublic: Bool) -> Bool {
        base == .all || (base == .open && isPublic) || named.contains(dataset)
    }
}
