import Accounts
package import Domain
package import H3
import Postgres

/// Words of a fixed set, which statements return as text.
extension RiskLevel: PostgresDecodable {}
extension HotSpotClass: PostgresDecodable {}
extension CountTrend: PostgresDecodable {}
extension AnalyticsRun.State: PostgresDecodable {}
extension Role: PostgresDecodable {}

/// A cell is a `bigint` in PostgreSQL.
extension H3Cell: PostgresDecodable {
    package static func decode(_ bytes: UnsafeRawBufferPointer?, type: UInt32) -> H3Cell? {
        Int64.decode(bytes, type: type).flatMap { H3Cell(bitPattern: $0) }
    }
}
