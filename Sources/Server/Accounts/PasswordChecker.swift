import Accounts
import Dispatch
import Synchronization
import Web

/// Checks passwords one at a time on a thread of its own, because each check takes about 0.1 s of a core and 32 MiB.
final class PasswordChecker: Sendable {
    /// How many checks may wait. The last of them waits for a few seconds.
    private static let capacity = 32

    private let queue = DispatchQueue(label: "passwords")
    private let waiting = Mutex(0)

    /// Whether `password` is that of the account. Without an account it takes just as long.
    /// - Throws: ``Problem`` 503 when too many checks are waiting.
    func check(_ password: String, against hash: PasswordHash?) async throws -> Bool {
        let isRoom = waiting.withLock { waiting in
            guard waiting < Self.capacity else { return false }
            waiting += 1
            return true
        }
        guard isRoom else {
            throw Problem.unavailable("Too many users are signing in; try again.", retryAfter: .seconds(2))
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
