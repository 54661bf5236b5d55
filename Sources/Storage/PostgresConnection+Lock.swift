import Postgres

extension PostgresConnection {
    /// How long the server may take to notice that a session has been closed, which then still holds its locks.
    private static let noticePatience = Duration.seconds(1)

    /// Takes a lock that this session keeps until it ends, and so for no longer than its process lives.
    ///
    /// - Parameter name: What the lock is for, with its subject: `hextant score toronto`.
    /// - Returns: whether the lock is ours; `false` when another session has kept it for a second.
    func takeLock(_ name: String) async throws -> Bool {
        try await lock(name, by: "pg_try_advisory_lock", within: Self.noticePatience)
    }

    /// Waits until nobody holds a lock, and does not keep it.
    ///
    /// - Returns: `false` when somebody has held it for as long as `patience`.
    func waitForLock(_ name: String, _ patience: Duration) async throws -> Bool {
        // The lock is the transaction's, which ends with the statement.
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
