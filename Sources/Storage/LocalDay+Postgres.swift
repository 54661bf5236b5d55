package import Domain
import Postgres

/// A day is a `date` in PostgreSQL: days since 2000-01-01.
extension LocalDay: PostgresEncodable, PostgresDecodable {
    package static var postgresType: UInt32 { 1082 }

    /// The day 2000-01-01, counted from 1970-01-01.
    private static let epoch: Int32 = 10_957

    package func encode(into bytes: inout [UInt8]) { bytes.append(bigEndian: number - Self.epoch) }

    package static func decode(_ bytes: UnsafeRawBufferPointer?, type: UInt32) -> LocalDay? {
        guard type == postgresType, let days = Int64.decode(bytes, type: Int32.postgresType) else { return nil }
        return LocalDay(number: Int32(clamping: days) &+ epoch)
    }
}
