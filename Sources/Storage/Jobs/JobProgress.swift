import Synchronization

/// How far a job has come, from 0 to 1; the one who works tells it, the one who beats reads it.
final class JobProgress: Sendable {
    private let share = Mutex(0.0)

    var value: Double { share.withLock { $0 } }

    func tell(_ value: Double) { share.withLock { $0 = value } }
}
