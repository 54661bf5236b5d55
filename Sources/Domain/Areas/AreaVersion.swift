import Synchronization

/// The version of all layers of areas and of all counts in them, as far as this process knows it. What was derived at
/// one version holds as long as it is the version.
package final class AreaVersion: Sendable {
    private static let unknown: Int64 = -1
    private let known = Atomic<Int64>(unknown)

    package init() {}

    /// - Parameter version: The version from the start, where nothing follows it.
    package init(_ version: Int64) { known.store(version, ordering: .relaxed) }

    /// The version; `nil` while changes could not be heard of.
    package var value: Int64? {
        let value = known.load(ordering: .acquiring)
        return value == Self.unknown ? nil : value
    }

    /// Notes the version that the store has, or that it can no longer be heard.
    package func note(_ version: Int64?) { known.store(version ?? Self.unknown, ordering: .releasing) }
}
