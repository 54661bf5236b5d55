import Postgres
import Risk

extension PolygonArea? {
    /// The area as EWKB, or NULL.
    var parameter: PostgresBytes? { map { PostgresBytes(EWKB.area($0)) } }
}
