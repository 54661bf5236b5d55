import Domain
import Fetch
import NIOCore
import Synchronization

/// A clock that stands still until the test moves it, or that jumps to the next wait at once.
final class ManualClock: FetchClock {
    private struct State {
        var now = NIODeadline.uptimeNanoseconds(0)
        var waits: [(number: Int, until: NIODeadline, waiter: CheckedContinuation<Void, any Error>)] = []
        var counter = 0
        /// The waits that were asked for, in seconds from the moment of asking.
        var pauses: [Double] = []
    }

    private let state = Mutex(State())
    private let jumps: Bool

    /// - Parameter jumps: Whether every wait is over at once, and the time moves on to its end.
    init(jumps: Bool = false) {
        self.jumps = jumps
    }

    var now: NIODeadline { state.withLock { $0.now } }

    /// The day 2026-01-01 at midnight UTC when the clock starts.
    var date: Instant { state.withLock { Instant(seconds: 1_767_225_600) + .nanoseconds($0.now.uptimeNanoseconds) } }

    /// The waits of at least a millisecond so far, in seconds.
    var pauses: [Double] { state.withLock { $0.pauses.filter { $0 >= 0.001 } } }

    var waiting: Int { state.withLock { $0.waits.count } }

    func sleep(until time: NIODeadline) async throws {
        try Task.checkCancellation()
        let number = state.withLock { state in
            state.counter += 1
            return state.counter
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (waiter: CheckedContinuation<Void, any Error>) in
                let isOver = state.withLock { state -> Bool? in
                    if Task.isCancelled { return nil }
                    guard time > state.now else { return true }
                    // A watch over a try looks far ahead; jumping there would end what has just begun.
                    if jumps, (time - state.now).nanoseconds < 20_000_000_000 {
                        state.pauses.append(Double((time - state.now).nanoseconds) / 1e9)
                        state.now = time
                        return true
                    }
                    state.waits.append((number, time, waiter))
                    return false
                }
                switch isOver {
                case true?: waiter.resume()
                case false?: break
                case nil: waiter.resume(throwing: CancellationError())
                }
            }
        } onCancel: {
            let waiter = state.withLock { state in
                state.waits.firstIndex { $0.number == number }.map { state.waits.remove(at: $0).waiter }
            }
            waiter?.resume(throwing: CancellationError())
        }
    }

    func advance(_ duration: Duration) {
        let due = state.withLock { state in
            state.now = state.now + TimeAmount(duration)
            let now = state.now
            let due = state.waits.filter { $0.until <= now }
            state.waits.removeAll { $0.until <= now }
            return due
        }
        for wait in due.sorted(by: { $0.until < $1.until }) { wait.waiter.resume() }
    }
}
