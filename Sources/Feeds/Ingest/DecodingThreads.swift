import Foundation
import Threads

/// The threads that read and decode files: one for each core up to eight, for all ingests of the process.
///
/// Reading blocks, and decoding takes a core for milliseconds at a time. The global pool must be kept free of both,
/// because in a server it answers requests.
final class DecodingThreads: TaskExecutor {
    static let shared = DecodingThreads(count: min(ProcessInfo.processInfo.activeProcessorCount, 8))

    let count: Int
    /// The jobs in the order in which they came.
    private let jobs = Monitor<[UnownedJob]>([])

    /// Starts the threads, which live as long as the process.
    private init(count: Int) {
        self.count = count
        for number in 1...count {
            Thread.run(named: "decoding \(number)", stackSize: 8 << 20) { [self] in run() }
        }
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        jobs.change { $0.append(job) }
    }

    private func run() -> Never {
        while true {
            let job = jobs.wait { $0.isEmpty ? nil : $0.removeFirst() }
            job.runSynchronously(on: asUnownedTaskExecutor())
        }
    }
}
