import NIOCore
import NIOPosix

/// Continues a task on an event loop after each of its waits, so that no thread of the common pool is woken for it.
///
/// It suits tasks that do little between their waits, because everything else on the loop waits for them.
package final class EventLoopExecutor: TaskExecutor {
    private let loop: any EventLoop

    private init(_ loop: any EventLoop) {
        self.loop = loop
    }

    /// The executor of the event loop that the caller runs on; `nil` elsewhere.
    package static var current: EventLoopExecutor? {
        MultiThreadedEventLoopGroup.currentEventLoop.map(EventLoopExecutor.init)
    }

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        loop.execute { [self] in job.runSynchronously(on: asUnownedTaskExecutor()) }
    }
}
