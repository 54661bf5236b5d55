/// A value that can be read from PostgreSQL's binary format.
package protocol PostgresDecodable: Sendable {
    /// - Parameters:
    ///   - bytes: The field's bytes, `nil` for NULL.
    ///   - type: The OID of the column's type.
    /// - Returns: `nil` when the bytes are not a value of this type.
    static func decode(_ bytes: UnsafeRawBufferPointer?, type: UInt32) -> Self?
}

extension UnsafeRawBufferPointer {
    /// The integer in network byte order that fills the buffer exactly.
    func bigEndian<Value: FixedWidthInteger>(as type: Value.Type) -> Value? {
        guard count == MemoryLayout<Value>.size else { return nil }
        return Value(bigEndian: loadUnaligned(as: Value.self))
    }
}

extension Bool: PostgresDecodable {
    package static func decode(_ bytes: UnsafeRawBufferPointer?, type: UInt32) -> Bool? {
        guard type == postgresType, let bytes, bytes.count == 1 else { return nil }
        return bytes[0] != 0
    }
}

/// Reads int2, int4 and int8.
extension Int64: PostgresDecodable {
    package static func decode(_ bytes: UnsafeRawBufferPointer?, type: UInt32) -> Int64? {
        guard let bytes else { return nil }
        return switch type {
        case Int16.postgresType: bytes.bigEndian(as: Int16.self).map(Int64.init)
        case Int32.postgresType: bytes.bigEndian(as: Int32.self).map(Int64.init)
        case Int64.postgresType: bytes.bigEndian(as: Int64.self)
        default: nil
        }
    }
}

extension Int: PostgresDecodable {
    package static func decode(_ bytes: UnsafeRawBufferPointer?, type: UInt32) -> Int? {
        Int64.decode(bytes, type: type).map(Int.init)
    }
}

/// Reads float4 and float8.
extension Double: PostgresDecodable {
    package static func decode(_ bytes: UnsafeRawBufferPointer?, type: UInt32) -> Double? {
        guard let bytes else { return nil }
        return switch type {
        case 700: bytes.bigEndian(as: UInt32.self).map { Double(Float(bitPattern: $0)) }
        case postgresType: bytes.bigEndian(as: UInt64.self).map(Double.init(bitPattern:))
        default: nil
        }
    }
}

/// Reads any type whose binary form is its text: text, varchar, name, json, enums.
extension String: PostgresDecodable {
    package static func decode(_ bytes: UnsafeRawBufferPointer?, type: UInt32) -> String? {
        bytes.flatMap { String(validating: $0, as: UTF8.self) }
    }
}

/// Reads bytea, and the raw bytes of any other type.
extension [UInt8]: PostgresDecodable {
    package static func decode(_ bytes: UnsafeRawBufferPointer?, type: UInt32) -> [UInt8]? {
        bytes.map { [UInt8]($0) }
    }
}

extension Optional: PostgresDecodable where Wrapped: PostgresDecodable {
    package static func decode(_ bytes: UnsafeRawBufferPointer?, type: UInt32) -> Wrapped?? {
        guard let bytes else { return .some(nil) }
        return Wrapped.decode(bytes, type: type).map { $0 }
    }
}
