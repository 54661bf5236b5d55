import Postgres
import TileMath

/// A geometry as the parameter of a statement, which has to say `$N::geometry`.
struct GeometryParameter: PostgresEncodable {
    /// PostGIS's types have no fixed OID; 0 leaves it to the statement.
    static let postgresType: UInt32 = 0

    private let bytes: [UInt8]

    /// A box in Web Mercator.
    init(_ box: MercatorBox) { bytes = EWKB.box(box) }

    func encode(into bytes: inout [UInt8]) { bytes += self.bytes }
}
