import Synchronization

/// The progress of a job, from 0 to 1. The work sets it and the heartbeat reads it.
final class JobProgress: Sendable {
    private let share = Mutex(0.0)

    var value: Double { share.withLock { $0 } }

    func tell(_ value: Double) { share.withLock { $0 = value } }
}
