/// A bytea parameter.
package struct PostgresBytes: PostgresEncodable, Hashable {
    package static var postgresType: UInt32 { 17 }
    package var bytes: [UInt8]

    package init(_ bytes: [UInt8]) { self.bytes = bytes }

    package func encode(into bytes: inout [UInt8]) { bytes.append(contentsOf: self.bytes) }
}
