import Domain
import Postgres

extension BoundingBox? {
    /// The four parameters of a statement: west, south, east and north, or four NULLs.
    var parameters: [any PostgresEncodable] {
        [self?.west, self?.south, self?.east, self?.north]
    }
}
