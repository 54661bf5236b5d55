import Synchronization

/// What this process knows of the served view's version. It only grows.
package final class CurrentGeneration: Sendable {
    private static let unknown: Int64 = -1
    private let known = Atomic<Int64>(unknown)

    package init() {}

    /// The newest version heard of; `nil` before the first.
    package var value: Int64? {
        let value = known.load(ordering: .acquiring)
        return value == Self.unknown ? nil : value
    }

    /// Takes note of a version, 0 or more. Hearing of an older one changes nothing.
    package func advance(to generation: Int64) {
        known.max(generation, ordering: .acquiringAndReleasing)
    }
}
