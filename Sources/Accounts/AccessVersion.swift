import Synchronization

/// What this process knows of the version of all rights: it grows with every change of a dataset's visibility, of a grant,
/// an account, a key or a session. What was looked up under one version holds as long as that version does.
package final class AccessVersion: Sendable {
    private static let unknown: Int64 = -1
    private let known: Atomic<Int64>
    private let watcher = Mutex<(@Sendable () -> Void)?>(nil)

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
    package func hear(_ version: Int64) { set(version) }

    /// Changes are no longer heard of.
    package func lose() { set(Self.unknown) }

    /// - Parameter body: Called at every change of the version, also when it is lost, on the thread that tells of it;
    ///   takes the place of the one before.
    package func onChange(_ body: @escaping @Sendable () -> Void) { watcher.withLock { $0 = body } }

    private func set(_ version: Int64) {
        guard known.exchange(version, ordering: .acquiringAndReleasing) != version else { return }
        watcher.withLock { $0 }?()
    }
}
