import Postgres
import Risk

extension BoundingBox? {
    /// West, south, east, north, or four NULLs.
    var parameters: [any PostgresEncodable] {
        [self?.west, self?.south, self?.east, self?.north]
    }
}
