import Synchronization

/// The version of all rights, as far as this process knows it. It grows with every change of a dataset's visibility,
/// a grant, an account, an API key or a session. What was looked up under one version is valid as long as that
/// version is.
package final class AccessVersion: Sendable {
    private static let unknown: Int64 = -1
    private let known: Atomic<Int64>
    private let watcher = Mutex<(@Sendable () -> Void)?>(nil)

    /// - Parameter version: The version, or `nil` until the first one is heard.
    package init(_ version: Int64? = nil) {
        known = Atomic(version ?? Self.unknown)
    }

    /// The version; `nil` while changes cannot be heard of. Then nothing that was looked up before is valid.
    package var value: Int64? {
        let value = known.load(ordering: .acquiring)
        return value == Self.unknown ? nil : value
    }

    /// Takes note of a version, 0 or more.
    package func hear(_ version: Int64) { set(version) }

    /// Forgets the version, because changes can no longer be heard of.
    package func lose() { set(Self.unknown) }

    /// - Parameter body: Called at every change of the version, also when it is lost, on the thread that reports it.
    ///   It replaces the closure that was set before.
    package func onChange(_ body: @escaping @Sendable () -> Void) { watcher.withLock { $0 = body } }

    private func set(_ version: Int64) {
        guard known.exchange(version, ordering: .acquiringAndReleasing) != version else { return }
        watcher.withLock { $0 }?()
    }
}
