import Foundation
import Threads

/// Computes on a thread of its own, so that long arithmetic does not take one of the few threads that serve tasks.
///
/// - Parameter work: Is not told when the task is cancelled; it must end by itself in bounded time.
/// - Throws: What `work` throws.
func onOwnThread<Output: Sendable>(
    named name: String, _ work: @escaping @Sendable () throws -> Output
) async throws -> Output {
    try await withCheckedThrowingContinuation { continuation in
        Thread.run(named: name, stackSize: 8 << 20) { continuation.resume(with: Result { try work() }) }
    }
}
