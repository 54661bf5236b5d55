import Synchronization

/// What this process knows of the version of all rights: it grows with every change of a dataset's visibility, of a grant,
/// an account, a key or a session. What was looked up under one version holds as long as that version does.
package final class AccessVersion: Sendable {
    private static let unknown: Int64 = -1
    private let known: Atomic<Int64>

    /// - Parameter version: `nil` until the first is heard.
    package init(_ version: Int64? = nil) {
        known = Atomic(version ?? Self.unknown)
    }

    /// `nil` while changes would not be heard of: then nothing that was looked up before holds.
    package var value: Int64? {
        let value = known.load(ordering: .acquiring)
        return value == Self.unknown ? nil : value
    }

    /// Takes note of a version, 0 or more.
    package func hear(_ version: Int64) { known.store(version, ordering: .releasing) }

    /// Changes are no longer heard of.
    package func lose() { known.store(Self.unknown, ordering: .releasing) }
}
