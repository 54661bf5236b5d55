/// A group of event types that a dataset names, such as `violence`.
package struct EventGroup: Hashable, Sendable {
    package let name: Slug
    /// The types, ascending by their bytes, each once, at least one.
    package let types: [String]

    /// The largest number of groups of a dataset, and of types of a group.
    package static let most = 16
    package static let mostTypes = 200
    /// The largest size of a type's name in bytes.
    package static let longestType = 200

    package init(name: Slug, types: [String]) {
        self.name = name
        self.types = Set(types).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
}

/// The kind of events that figures are of: all of a dataset, or one of its groups.
package enum EventKind: Hashable, Sendable {
    case all
    case group(Slug)

    package static let nameOfAll = "all"

    /// - Returns: `nil` for a text that cannot name a kind.
    package init?(_ text: some StringProtocol) {
        guard let slug = Slug(text) else { return nil }
        self = slug.text == Self.nameOfAll ? .all : .group(slug)
    }

    package var text: String {
        switch self {
        case .all: Self.nameOfAll
        case .group(let name): name.text
        }
    }
}

extension Dataset {
    /// The kinds of events that it has figures of: all, and its groups.
    package var kinds: [EventKind] { [.all] + groups.map { .group($0.name) } }

    /// The event types of a kind; `nil` for all of them.
    /// - Throws: ``UnknownKind`` for a group that the dataset does not name.
    package func types(of kind: EventKind) throws(UnknownKind) -> [String]? {
        guard case .group(let name) = kind else { return nil }
        guard let group = groups.first(where: { $0.name == name }) else { throw UnknownKind(kind, of: self) }
        return group.types
    }
}

/// A dataset has no such kind of events.
package struct UnknownKind: Error, Hashable, CustomStringConvertible {
    package let description: String

    init(_ kind: EventKind, of dataset: Dataset) {
        let known = dataset.kinds.map(\.text).joined(separator: ", ")
        description = "\(kind.text) is no kind of \(dataset.slug); its kinds are: \(known)"
    }
}
