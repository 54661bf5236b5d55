import Synchronization

/// The progress of a job, from 0 to 1. The work sets it and the heartbeat reads it.
package final class JobProgress: Sendable {
    private let share = Mutex(0.0)

    package init() {}

    package var value: Double { share.withLock { $0 } }

    package func tell(_ value: Double) { share.withLock { $0 = value } }
}
