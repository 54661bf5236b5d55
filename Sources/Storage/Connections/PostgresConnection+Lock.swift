package import Postgres

extension PostgresConnection {
    /// How long PostgreSQL may take to notice that a connection was closed. Until then it still holds its locks.
    private static let noticePatience = Duration.seconds(1)

    /// Takes a lock that this connection holds until it ends, and so no longer than its process lives.
    ///
    /// - Parameter name: The purpose and subject of the lock, such as `hextant score toronto`.
    /// - Returns: Whether the lock was taken; `false` when another connection held it for a second.
    /// - Throws: `PostgresError`; `CancellationError` when the task is cancelled.
    package func takeLock(_ name: String) async throws -> Bool {
        try await lock(name, by: "pg_try_advisory_lock", within: Self.noticePatience)
    }

    /// Takes a lock that others may take in the same way, but not with ``takeLock(_:)``, until this connection ends.
    ///
    /// - Returns: Whether the lock was taken; `false` when another connection held it alone for a second.
    /// - Throws: `PostgresError`; `CancellationError` when the task is cancelled.
    package func takeSharedLock(_ name: String) async throws -> Bool {
        try await lock(name, by: "pg_try_advisory_lock_shared", within: Self.noticePatience)
    }

    /// Waits until nobody holds a lock, without keeping it.
    ///
    /// - Returns: `false` when somebody held it for as long as `patience`.
    /// - Throws: `PostgresError`; `CancellationError` when the task is cancelled.
    func waitForLock(_ name: String, _ patience: Duration) async throws -> Bool {
        // The lock belongs to the transaction, which ends with the statement.
        try await lock(name, by: "pg_try_advisory_xact_lock", within: patience)
    }

    private func lock(_ name: String, by function: String, within patience: Duration) async throws -> Bool {
        let deadline = ContinuousClock.now + patience
        while true {
            let lock = try await query("SELECT \(function)(hashtextextended($1, 0))", [name])
            if try lock[0].get(0) { return true }
            guard ContinuousClock.now < deadline else { return false }
            try await Task.sleep(for: .milliseconds(20))
        }
    }
}
