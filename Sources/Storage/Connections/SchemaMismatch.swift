import Domain
import Postgres

/// The database has another schema than this version expects, because one of them is being updated.
struct SchemaMismatch: TemporarilyUnavailable, CustomStringConvertible {
    let reason: PostgresError

    var retryAfter: Duration { .seconds(30) }

    var description: String {
        "the database's schema does not fit this version: run `hextant migrate up`, or update hextant (\(reason))"
    }

    /// Whether the database reports that something is missing that a migration creates.
    static func isSign(_ error: PostgresError) -> Bool {
        // undefined_table, undefined_column, undefined_object, undefined_function
        error.code == .server && ["42P01", "42703", "42704", "42883"].contains(error.sqlState)
    }
}
