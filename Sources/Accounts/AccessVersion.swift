import Synchronization

/// The version of all rights, as far as this process knows it. It grows with every change of a dataset's visibility,
/// a grant, an account, an API key or a session. What was looked up under one version is valid as long as that
/// version is.
package final class AccessVersion: Sendable {
    private static let unknown: Int64 = -1
    private let known: Atomic<Int64>
    private let heard: Atomic<Bool>
    private let watcher = Mutex<(@Sendable () -> Void)?>(nil)

    /// - Parameter version: The version, or `nil` until the first one is heard.
    package init(_ version: Int64? = nil) {
        known = Atomic(version ?? Self.unknown)
        heard = Atomic(version != nil)
    }

    /// The version; `nil` while changes cannot be heard of. Then nothing that was looked up before is valid.
    package var value: Int64? {
        let value = known.load(ordering: .acquiring)
        return value == Self.unknown ? nil : value
    }

    /// Whether a version was ever known.
    package var wasHeard: Bool { heard.load(ordering: .acquiring) }

    /// Takes note of a version, 0 or more. One below that of now was looked up before that one.
    package func hear(_ version: Int64) {
        if value == nil { set(version) } else { raise(to: version) }
    }

    /// Forgets the version, because changes can no longer be heard of.
    package func lose() { set(Self.unknown) }

    /// - Parameter body: Called at every change of the version, also when it is lost, on the thread that reports it.
    ///   It replaces the closure that was set before.
    package func onChange(_ body: @escaping @Sendable () -> Void) { watcher.withLock { $0 = body } }

    /// Takes note of a version that this process has made itself, before it is heard of. While changes are not heard
    /// of, nothing that was looked up holds anyway.
    package func raise(to version: Int64) {
        var current = known.load(ordering: .acquiring)
        while current != Self.unknown, current < version {
            let (done, found) = known.compareExchange(
                expected: current, desired: version, ordering: .acquiringAndReleasing)
            if done { return tell() }
            current = found
        }
    }

    private func tell() { watcher.withLock { $0 }?() }

    private func set(_ version: Int64) {
        if version != Self.unknown { heard.store(true, ordering: .releasing) }
        guard known.exchange(version, ordering: .acquiringAndReleasing) != version else { return }
        tell()
    }
}
