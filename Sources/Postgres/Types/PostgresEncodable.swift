/// A value that can be sent in PostgreSQL's binary format, as a parameter or as a field of a COPY.
package protocol PostgresEncodable: Sendable {
    /// The OID of the type, from `pg_type`.
    static var postgresType: UInt32 { get }

    /// Appends the binary form without its length.
    func encode(into bytes: inout [UInt8])

    /// Whether the value is NULL and therefore has no bytes.
    var isNull: Bool { get }
}

extension PostgresEncodable {
    package var isNull: Bool { false }
}

extension [UInt8] {
    /// Appends an integer in network byte order, which the protocol uses for all integers.
    package mutating func append(bigEndian value: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: value.bigEndian) { append(contentsOf: $0) }
    }
}

extension Bool: PostgresEncodable {
    package static var postgresType: UInt32 { 16 }
    package func encode(into bytes: inout [UInt8]) { bytes.append(self ? 1 : 0) }
}

extension Int16: PostgresEncodable {
    package static var postgresType: UInt32 { 21 }
    package func encode(into bytes: inout [UInt8]) { bytes.append(bigEndian: self) }
}

extension Int32: PostgresEncodable {
    package static var postgresType: UInt32 { 23 }
    package func encode(into bytes: inout [UInt8]) { bytes.append(bigEndian: self) }
}

extension Int64: PostgresEncodable {
    package static var postgresType: UInt32 { 20 }
    package func encode(into bytes: inout [UInt8]) { bytes.append(bigEndian: self) }
}

extension Int: PostgresEncodable {
    package static var postgresType: UInt32 { 20 }
    package func encode(into bytes: inout [UInt8]) { bytes.append(bigEndian: Int64(self)) }
}

extension Double: PostgresEncodable {
    package static var postgresType: UInt32 { 701 }
    package func encode(into bytes: inout [UInt8]) { bytes.append(bigEndian: bitPattern) }
}

extension String: PostgresEncodable {
    package static var postgresType: UInt32 { 25 }
    package func encode(into bytes: inout [UInt8]) { bytes.append(contentsOf: utf8) }
}

extension Optional: PostgresEncodable where Wrapped: PostgresEncodable {
    package static var postgresType: UInt32 { Wrapped.postgresType }
    package func encode(into bytes: inout [UInt8]) { self?.encode(into: &bytes) }
    // A key path would be made anew for each value.
    package var isNull: Bool { self.map { $0.isNull } ?? true }
}
