import Domain
package import Postgres

/// The database cannot answer now, but asking again later may succeed.
///
/// This type alone decides which errors of PostgreSQL are temporary. Everything that reads or writes for a client
/// throws the result of ``or(_:)``.
package struct StoreUnavailable: TemporarilyUnavailable, CustomStringConvertible {
    package let reason: PostgresError

    /// Classes of SQLSTATE ("PostgreSQL Error Codes", appendix A of its documentation): the connection (08), resources
    /// (53; 53100 is a full disk, 53300 means too many connections), and faults outside the server such as a failing
    /// disk (58).
    private static let passingClasses: Set<String> = ["08", "53", "58"]
    /// Single states of other classes: two transactions in conflict, a lock that was not available, and a server that
    /// stops, has crashed, is starting, or closed an idle connection.
    private static let passingStates: Set<String> = [
        "40001", "40P01", "55P03", "57P01", "57P02", "57P03", "57P05",
    ]

    package var retryAfter: Duration {
        if reason.code == .poolExhausted { return .seconds(1) }
        // A full disk needs somebody to make room.
        return .seconds(reason.sqlState == "53100" ? 60 : 5)
    }

    package var description: String { reason.description }

    /// Whether the same statement may succeed later.
    package static func passes(_ error: PostgresError) -> Bool {
        switch error.code {
        case .connection, .timeout, .poolExhausted, .closed: true
        case .server:
            error.sqlState.map { passingClasses.contains(String($0.prefix(2))) || passingStates.contains($0) } ?? false
        case .cancelled, .decoding: false
        }
    }

    /// The error to throw to a client: `StoreUnavailable` where it is temporary, otherwise the error itself.
    package static func or(_ error: PostgresError) -> any Error {
        if SchemaMismatch.isSign(error) { return SchemaMismatch(reason: error) }
        if passes(error) { return StoreUnavailable(reason: error) }
        return error.code == .cancelled ? CancellationError() : error
    }
}
