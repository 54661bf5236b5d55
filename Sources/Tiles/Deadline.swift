import Risk

/// The answer was not there in time.
package struct DeadlineExceeded: TemporarilyUnavailable {
    package init() {}

    package var retryAfter: Duration { .seconds(1) }
}

/// Runs `work` and cancels it when it takes longer than `limit`.
/// - Throws: ``DeadlineExceeded``, or what the work throws.
package func withDeadline<Value: Sendable>(
    _ limit: Duration, _ work: @escaping @Sendable () async throws -> Value
) async throws -> Value {
    try await withThrowingTaskGroup(of: Value.self) { group in
        group.addTask(operation: work)
        group.addTask {
            try await Task.sleep(for: limit)
            throw DeadlineExceeded()
        }
        defer { group.cancelAll() }
        guard let value = try await group.next() else { throw CancellationError() }
        return value
    }
}
