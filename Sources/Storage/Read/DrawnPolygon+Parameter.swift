import Domain
import Postgres

extension DrawnPolygon? {
    /// The drawn polygon as EWKB, or NULL.
    var parameter: PostgresBytes? { map { PostgresBytes(EWKB.polygon($0)) } }
}
