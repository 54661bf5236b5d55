import Foundation

/// The threads that read and decode files: one for each core up to eight, for all ingests of the process.
///
/// Reading blocks, and decoding takes a core for milliseconds at a time. The global pool must be kept free of both,
/// because in a server it answers requests.
///
/// `@unchecked Sendable`: `jobs` is read and written only while `condition` is locked.
final class DecodingThreads: TaskExecutor, @unchecked Sendable {
    static let shared = DecodingThreads(count: min(ProcessInfo.processInfo.activeProcessorCount, 8))

    let count: Int
    private let condition = NSCondition()
    /// The jobs in the order in which they came.
    private var jobs: [UnownedJob] = []

    /// Starts the threads, which live as long as the process.
    private init(count: Int) {
        self.count = count
        for number in 1...count {
            let thread = Thread { [self] in run() }
            thread.name = "decoding \(number)"
            thread.start()
        }
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        condition.lock()
        jobs.append(job)
        condition.signal()
        condition.unlock()
    }

    private func run() -> Never {
        while true { nextJob().runSynchronously(on: asUnownedTaskExecutor()) }
    }

    private func nextJob() -> UnownedJob {
        condition.lock()
        defer { condition.unlock() }
        while jobs.isEmpty { condition.wait() }
        return jobs.removeFirst()
    }
}
