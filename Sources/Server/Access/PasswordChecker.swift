import Accounts
import Dispatch
import Synchronization

/// Checks passwords, one at a time on a thread of its own: each check takes a core for some 0.1 s and 32 MiB.
final class PasswordChecker: Sendable {
    /// More than so many do not wait; the last of them would wait for some seconds.
    private static let capacity = 32

    private let queue = DispatchQueue(label: "passwords")
    private let waiting = Mutex(0)

    /// Whether `password` is that of the account. It takes as long when there is no account.
    /// - Throws: ``Problem`` 503 when too many wait already.
    func check(_ password: String, against hash: PasswordHash?) async throws -> Bool {
        let isRoom = waiting.withLock { waiting in
            guard waiting < Self.capacity else { return false }
            waiting += 1
            return true
        }
        guard isRoom else {
            throw Problem.unavailable("Too many sign in at the moment; try again.", retryAfter: .seconds(2))
        }
        defer { waiting.withLock { $0 -= 1 } }
        let isRight = try await withCheckedThrowingContinuation { continuation in
            queue.async {
                continuation.resume(with: Result { try (hash ?? .decoy).matches(password) })
            }
        }
        return isRight && hash != nil
    }
}
