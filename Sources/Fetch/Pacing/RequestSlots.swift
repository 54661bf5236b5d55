import Synchronization

/// A number of requests that may be under way at a time; others wait in the order in which they came.
package final class RequestSlots: Sendable {
    private typealias Waiter = CheckedContinuation<Void, any Error>

    private struct State {
        var free: Int
        /// Those who wait, the longest first, by their numbers.
        var waiting: [(number: UInt64, waiter: Waiter)] = []
        var counter: UInt64 = 0
    }

    private enum Arrival {
        case enters
        case waits
        case cancelled
    }

    private let state: Mutex<State>

    /// - Parameter count: 1 or more.
    package init(_ count: Int) {
        precondition(count >= 1, "one request at least may be under way")
        state = Mutex(State(free: count))
    }

    /// Runs `body` when there is a slot.
    /// - Throws: `CancellationError` when the task is cancelled while it waits, and what `body` throws.
    package func withSlot<Output: Sendable>(
        _ body: @Sendable () async throws -> Output
    ) async throws -> Output {
        try await enter()
        defer { leave() }
        return try await body()
    }

    /// How many requests wait for a slot.
    package var waiting: Int { state.withLock { $0.waiting.count } }

    private func enter() async throws {
        let number = state.withLock { state in
            state.counter += 1
            return state.counter
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (waiter: Waiter) in
                let arrival = state.withLock { state -> Arrival in
                    // Read under the lock that the cancellation handler takes: either it is seen here, or the handler
                    // comes later and finds the waiter.
                    if Task.isCancelled { return .cancelled }
                    if state.free > 0 {
                        state.free -= 1
                        return .enters
                    }
                    state.waiting.append((number, waiter))
                    return .waits
                }
                switch arrival {
                case .enters: waiter.resume()
                case .waits: break
                case .cancelled: waiter.resume(throwing: CancellationError())
                }
            }
        } onCancel: {
            let waiter = state.withLock { state -> Waiter? in
                guard let place = state.waiting.firstIndex(where: { $0.number == number }) else { return nil }
                return state.waiting.remove(at: place).waiter
            }
            waiter?.resume(throwing: CancellationError())
        }
    }

    private func leave() {
        let next = state.withLock { state -> Waiter? in
            guard state.waiting.isEmpty else { return state.waiting.removeFirst().waiter }
            state.free += 1
            return nil
        }
        next?.resume()
    }
}
