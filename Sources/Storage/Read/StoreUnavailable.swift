package import Postgres
import Risk

/// The database cannot do it now; asking again later makes sense.
///
/// The one place that says which errors of PostgreSQL pass by themselves: whatever reads or writes for a client throws
/// what ``or(_:)`` makes of them.
package struct StoreUnavailable: TemporarilyUnavailable, CustomStringConvertible {
    package let reason: PostgresError

    /// Classes of SQLSTATE ("PostgreSQL Error Codes", appendix A of its documentation): the connection, resources
    /// (53100 is a full disk, 53300 no session left), and what lies outside the server, such as a disk that fails.
    private static let passingClasses: Set<String> = ["08", "53", "58"]
    /// States of other classes: two transactions in each other's way, a lock that was not to be had, and a server that
    /// stops, crashed, starts, or ended a session that did nothing.
    private static let passingStates: Set<String> = [
        "40001", "40P01", "55P03", "57P01", "57P02", "57P03", "57P05",
    ]

    package var retryAfter: Duration {
        if reason.code == .poolExhausted { return .seconds(1) }
        // Somebody has to make room first.
        return .seconds(reason.sqlState == "53100" ? 60 : 5)
    }

    package var description: String { reason.description }

    /// Whether the same may succeed later without anybody's changing what is asked for.
    package static func passes(_ error: PostgresError) -> Bool {
        switch error.code {
        case .connection, .timeout, .poolExhausted, .closed: true
        case .server:
            error.sqlState.map { passingClasses.contains(String($0.prefix(2))) || passingStates.contains($0) } ?? false
        case .cancelled, .decoding: false
        }
    }

    /// The error as those who ask are to see it: as this where it passes by itself, else as it is.
    package static func or(_ error: PostgresError) -> any Error {
        if SchemaMismatch.isSign(error) { return SchemaMismatch(reason: error) }
        if passes(error) { return StoreUnavailable(reason: error) }
        return error.code == .cancelled ? CancellationError() : error
    }
}
