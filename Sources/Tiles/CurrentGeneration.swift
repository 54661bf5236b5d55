import Synchronization

/// The generation of the served view, as far as this process knows it. It only grows.
package final class CurrentGeneration: Sendable {
    private static let unknown: Int64 = -1
    private let known = Atomic<Int64>(unknown)

    package init() {}

    /// The newest generation heard of; `nil` before the first.
    package var value: Int64? {
        let value = known.load(ordering: .acquiring)
        return value == Self.unknown ? nil : value
    }

    /// Notes a generation, 0 or more. An older one changes nothing.
    package func advance(to generation: Int64) {
        known.max(generation, ordering: .acquiringAndReleasing)
    }
}
