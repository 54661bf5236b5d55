import Domain
import Postgres

extension PolygonArea? {
    /// The drawn polygon as EWKB, or NULL.
    var parameter: PostgresBytes? { map { PostgresBytes(EWKB.area($0)) } }
}
