import Synchronization

/// Lets all who ask for the same key at the same time share one piece of work.
///
/// The result, or the error, goes to those who waited for it and is not kept. A cancelled waiter leaves alone. When the
/// last one has left, the work is cancelled.
package final class SingleFlight<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    /// A result, and whether it came from work that another caller had begun.
    package struct Outcome: Sendable {
        package let value: Value
        package let joined: Bool
    }

    private typealias Waiter = CheckedContinuation<Value, any Error>

    private struct Flight {
        let number: UInt64
        var waiters: [UInt64: Waiter] = [:]
        /// The task; set soon after the work began.
        var work: Task<Void, Never>?
    }

    private struct State {
        var flights: [Key: Flight] = [:]
        var counter: UInt64 = 0

        mutating func next() -> UInt64 {
            counter += 1
            return counter
        }
    }

    private enum Arrival {
        /// The caller begins the work. The alarm rings when it has taken too long.
        case begins(flight: UInt64, alarm: AlarmClock.Number)
        case joins
        case cancelled(Waiter)
    }

    private let state = Mutex(State())

    package init() {}

    /// The result of `work`, or of the work under way for `key`.
    ///
    /// Throws what the work throws, ``DeadlineExceeded`` when it takes too long, and `CancellationError` when the
    /// calling task is cancelled.
    /// - Parameter limit: How long the work may take, however many callers wait for it.
    package func value(
        for key: Key, within limit: Duration, _ work: @escaping @Sendable () async throws -> Value
    ) async throws -> Outcome {
        let waiter = state.withLock { $0.next() }
        let joined = Mutex(false)
        let value = try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                switch arrive(key, waiter, continuation, limit) {
                case .begins(let flight, let alarm): begin(key, flight, alarm, work)
                case .joins: joined.withLock { $0 = true }
                case .cancelled(let continuation): continuation.resume(throwing: CancellationError())
                }
            }
        } onCancel: {
            leave(key, waiter)
        }
        return Outcome(value: value, joined: joined.withLock { $0 })
    }

    /// How many callers wait for `key` now.
    package func waiting(for key: Key) -> Int {
        state.withLock { $0.flights[key]?.waiters.count ?? 0 }
    }

    private func arrive(_ key: Key, _ waiter: UInt64, _ continuation: Waiter, _ limit: Duration) -> Arrival {
        state.withLock { state in
            // The flag is set before the cancellation handler runs. It is read under the lock that the handler takes,
            // so either it is seen here, or the handler comes later and finds the waiter.
            if Task.isCancelled { return .cancelled(continuation) }
            if state.flights[key] != nil {
                state.flights[key]?.waiters[waiter] = continuation
                return .joins
            }
            let number = state.next()
            let alarm = AlarmClock.shared.set(limit) { [self] in giveUp(key, number) }
            state.flights[key] = Flight(number: number, waiters: [waiter: continuation])
            return .begins(flight: number, alarm: alarm)
        }
    }

    private func begin(
        _ key: Key, _ flight: UInt64, _ alarm: AlarmClock.Number,
        _ work: @escaping @Sendable () async throws -> Value
    ) {
        // Starts on this thread, because most work needs no other thread before it waits for the first time.
        let task = Task.immediate(executorPreference: EventLoopExecutor.current) {
            let result: Result<Value, any Error>
            do {
                result = .success(try await work())
            } catch {
                result = .failure(error)
            }
            AlarmClock.shared.drop(alarm)
            for waiter in land(key, flight) { waiter.resume(with: result) }
        }
        let isAwaited = state.withLock { state in
            guard state.flights[key]?.number == flight else { return false }
            state.flights[key]?.work = task
            return true
        }
        if !isAwaited { task.cancel() }
    }

    private func giveUp(_ key: Key, _ flight: UInt64) {
        let work = state.withLock { state in
            state.flights[key].flatMap { $0.number == flight ? $0.work : nil }
        }
        for waiter in land(key, flight) { waiter.resume(throwing: DeadlineExceeded()) }
        work?.cancel()
    }

    /// The callers that wait for the work, which has ended; none when all left before.
    private func land(_ key: Key, _ flight: UInt64) -> [Waiter] {
        state.withLock { state in
            guard let current = state.flights[key], current.number == flight else { return [] }
            state.flights[key] = nil
            return Array(current.waiters.values)
        }
    }

    private func leave(_ key: Key, _ waiter: UInt64) {
        let (continuation, abandoned) = state.withLock { state -> (Waiter?, Task<Void, Never>?) in
            guard let continuation = state.flights[key]?.waiters.removeValue(forKey: waiter) else { return (nil, nil) }
            guard let flight = state.flights[key], flight.waiters.isEmpty else { return (continuation, nil) }
            state.flights[key] = nil
            return (continuation, flight.work)
        }
        continuation?.resume(throwing: CancellationError())
        abandoned?.cancel()
    }
}
