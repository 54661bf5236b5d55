import NIOCore
import NIOPosix

/// Goes on with a task on an event loop after each of its waits, so that no thread of the common pool is woken for it.
///
/// For tasks that do little between their waits: whoever else is served by the loop waits as long.
package final class EventLoopExecutor: TaskExecutor {
    private let loop: any EventLoop

    private init(_ loop: any EventLoop) {
        self.loop = loop
    }

    /// The one of the event loop that the caller runs on; `nil` elsewhere.
    package static var current: EventLoopExecutor? {
        MultiThreadedEventLoopGroup.currentEventLoop.map(EventLoopExecutor.init)
    }

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        loop.execute { [self] in job.runSynchronously(on: asUnownedTaskExecutor()) }
    }
}
