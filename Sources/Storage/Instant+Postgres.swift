package import Domain
import Postgres

/// An instant is a `timestamptz` in PostgreSQL.
extension Instant: PostgresEncodable, PostgresDecodable {
    package static var postgresType: UInt32 { PostgresTimestamp.postgresType }

    package func encode(into bytes: inout [UInt8]) { timestamp.encode(into: &bytes) }

    package static func decode(_ bytes: UnsafeRawBufferPointer?, type: UInt32) -> Instant? {
        PostgresTimestamp.decode(bytes, type: type).map { timestamp in
            switch timestamp {
            case .earliest: .earliest
            case .latest: .latest
            default: Instant(microseconds: timestamp.microseconds)
            }
        }
    }

    /// PostgreSQL counts from 2000, so it has no number for the first 30 years. They are before everything, too.
    private var timestamp: PostgresTimestamp {
        if microseconds <= PostgresTimestamp.earliest.microseconds { return .earliest }
        return self == .latest ? .latest : PostgresTimestamp(microseconds: microseconds)
    }
}
