package import Breaker
import Postgres

extension OutageLog {
    /// The log of PostgreSQL's outages, for all parts of a process that lose their connections to it.
    package static func ofDatabase() -> OutageLog {
        OutageLog("PostgreSQL") { error in
            switch error {
            case let error as PostgresError: StoreUnavailable.passes(error)
            case is StoreUnavailable: true
            default: false
            }
        }
    }
}
