import Foundation

/// A thread that runs the jobs of one connection, so that the C library behind it may block without holding a thread of
/// the global pool.
package final class ConnectionThread: SerialExecutor {
    private struct State {
        var jobs: [UnownedJob] = []
        var isStopped = false
    }

    private let state = Monitor(State())

    package init(name: String) {
        Thread.run(named: name) { [self] in run() }
    }

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        state.change { $0.jobs.append(job) }
    }

    package func asUnownedSerialExecutor() -> UnownedSerialExecutor {
        UnownedSerialExecutor(ordinary: self)
    }

    /// Ends the thread once no job is left. No job may be enqueued after the actor that owns this thread is gone.
    package func stop() {
        state.change { $0.isStopped = true }
    }

    private func run() {
        while true {
            // Takes all jobs at once. None means that the thread was stopped and nothing is left.
            let jobs = state.wait { state -> [UnownedJob]? in
                guard state.isStopped || !state.jobs.isEmpty else { return nil }
                defer { state.jobs.removeAll(keepingCapacity: true) }
                return state.jobs
            }
            if jobs.isEmpty { return }
            for job in jobs { job.runSynchronously(on: asUnownedSerialExecutor()) }
        }
    }
}
