import Postgres
import Risk

/// The database has another schema than this version asks for: it is being migrated, or the other way about.
struct SchemaMismatch: TemporarilyUnavailable, CustomStringConvertible {
    let reason: PostgresError

    var retryAfter: Duration { .seconds(30) }

    var description: String {
        "the database has another schema than this version of hextant: run `hextant migrate up`, or update hextant (\(reason))"
    }

    /// Whether the database says that something is not there that a migration makes.
    static func isSign(_ error: PostgresError) -> Bool {
        // undefined_table, undefined_column, undefined_object, undefined_function
        error.code == .server && ["42P01", "42703", "42704", "42883"].contains(error.sqlState)
    }
}
