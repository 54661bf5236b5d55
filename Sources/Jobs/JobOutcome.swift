import Synchronization

/// How an attempt ended.
package enum JobOutcome: Equatable, Sendable {
    case finished
    case failed(String)
    case cancelled
    /// The job is to be tried again. This attempt counts.
    case retry(String, after: Duration)
    /// The job returns to the queue and the attempt does not count: the worker shuts down, or somebody else does the
    /// same work.
    case givenBack(String?, after: Duration)
    /// Another worker has the job, so there is nothing to report.
    case lost
}

/// The progress of a job, from 0 to 1. The work sets it and the heartbeat reads it.
package final class JobProgress: Sendable {
    private let share = Mutex(0.0)

    package init() {}

    package var value: Double { share.withLock { $0 } }

    package func tell(_ value: Double) { share.withLock { $0 = value } }
}
