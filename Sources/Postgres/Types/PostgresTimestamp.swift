/// A timestamptz: microseconds since 1970-01-01 UTC.
package struct PostgresTimestamp: PostgresEncodable, PostgresDecodable, Hashable {
    package static var postgresType: UInt32 { 1184 }
    package var microseconds: Int64

    /// The microseconds from 1970 to 2000-01-01, from which PostgreSQL counts.
    package static let epoch: Int64 = 946_684_800_000_000

    /// The times `-infinity` and `infinity`, before and after every other.
    package static let earliest = Self(microseconds: .min &+ epoch)
    package static let latest = Self(microseconds: .max &+ epoch)

    package init(microseconds: Int64) { self.microseconds = microseconds }

    package func encode(into bytes: inout [UInt8]) { bytes.append(bigEndian: microseconds &- Self.epoch) }

    package static func decode(_ bytes: UnsafeRawBufferPointer?, type: UInt32) -> Self? {
        guard type == postgresType, let value = bytes?.bigEndian(as: Int64.self) else { return nil }
        return Self(microseconds: value &+ epoch)
    }
}
