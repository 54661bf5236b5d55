package import Domain
package import NIOCore

/// The time as the fetcher sees it.
package protocol FetchClock: Sendable {
    /// A time that only goes forward, for waits and deadlines.
    var now: NIODeadline { get }
    /// The time of day, for dates in header fields and for lineage.
    var date: Instant { get }
    /// Waits until a time has come.
    /// - Throws: `CancellationError`.
    func sleep(until time: NIODeadline) async throws
}

/// The clock of the system.
package struct SystemClock: FetchClock {
    package init() {}

    package var now: NIODeadline { .now() }

    package var date: Instant { .now }

    package func sleep(until time: NIODeadline) async throws {
        let pause = time - .now()
        if pause > .nanoseconds(0) { try await Task.sleep(for: .nanoseconds(pause.nanoseconds)) }
    }
}

extension NIODeadline {
    static func + (time: NIODeadline, duration: Duration) -> NIODeadline { time + TimeAmount(duration) }
}
