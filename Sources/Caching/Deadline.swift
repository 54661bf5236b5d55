import Synchronization

/// The work did not finish in time.
package struct DeadlineExceeded: Error {
    package init() {}
}

/// Runs `work` and cancels it when it takes longer than `limit`.
/// - Throws: ``DeadlineExceeded`` when the work was cancelled for that, otherwise what the work throws.
package func withDeadline<Value: Sendable>(
    _ limit: Duration, _ work: @escaping @Sendable () async throws -> Value
) async throws -> Value {
    try Task.checkCancellation()
    // Starts on this thread, because most work needs no other thread before it waits for the first time.
    let task = Task.immediate { try await work() }
    let isLate = Flag()
    let alarm = AlarmClock.shared.set(limit) {
        isLate.raise()
        task.cancel()
    }
    defer { AlarmClock.shared.drop(alarm) }
    do {
        return try await withTaskCancellationHandler {
            try await task.value
        } onCancel: {
            task.cancel()
        }
    } catch {
        throw isLate.isRaised ? DeadlineExceeded() : error
    }
}

private final class Flag: Sendable {
    private let value = Atomic(false)

    var isRaised: Bool { value.load(ordering: .acquiring) }

    func raise() { value.store(true, ordering: .releasing) }
}
