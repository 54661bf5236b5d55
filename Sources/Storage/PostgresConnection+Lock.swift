import Postgres

extension PostgresConnection {
    /// How long the server may take to notice that a session has been closed, which then still holds its locks.
    private static let noticePatience = Duration.seconds(1)

    /// Takes a lock that this session keeps until it ends, and so for no longer than its process lives.
    ///
    /// - Parameter name: What the lock is for, with its subject: `hextant score toronto`.
    /// - Returns: whether the lock is ours; `false` when another session has kept it for a second.
    func takeLock(_ name: String) async throws -> Bool {
        let deadline = ContinuousClock.now + Self.noticePatience
        while true {
            let lock = try await query("SELECT pg_try_advisory_lock(hashtextextended($1, 0))", [name])
            if try lock[0].get(0) { return true }
            guard ContinuousClock.now < deadline else { return false }
            try await Task.sleep(for: .milliseconds(20))
        }
    }
}
