import Postgres

extension PostgresOptions {
    /// The options of a connection that waits at most a minute for a lock. Rows may be locked by others, but nobody
    /// locks them for long.
    var withLockTimeout: PostgresOptions {
        var options = self
        options.settings["lock_timeout"] = "60000"
        return options
    }
}
