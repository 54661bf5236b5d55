/// The datasets that an account can see.
package struct DatasetScope: Hashable, Sendable {
    /// The datasets that are visible in addition to the named ones.
    package enum Base: String, Sendable {
        case all
        /// All public datasets.
        case open
        case none
    }

    package let base: Base
    package let named: Set<Slug>

    package static let all = Self(.all)

    package init(_ base: Base, named: Set<Slug> = []) {
        self.base = base
        self.named = named
    }

    /// - Parameter isPublic: Whether anybody may see the dataset.
    package func covers(_ dataset: Slug, isPublic: Bool) -> Bool {
        base == .all || (base == .open && isPublic) || named.contains(dataset)
    }
}
