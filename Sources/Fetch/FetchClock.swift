package import Domain
package import NIOCore
import NIOPosix

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
        try Task.checkCancellation()
        guard time > .now() else { return }
        // A sleeping task would keep its timer when it is cancelled, and nearly every watch over a try is.
        let alarm = MultiThreadedEventLoopGroup.singleton.any().scheduleTask(deadline: time) {}
        do {
            try await withTaskCancellationHandler {
                try await alarm.futureResult.get()
            } onCancel: {
                alarm.cancel()
            }
        } catch is EventLoopError {
            throw CancellationError()
        }
    }
}

extension NIODeadline {
    static func + (time: NIODeadline, duration: Duration) -> NIODeadline { time + TimeAmount(duration) }
}
