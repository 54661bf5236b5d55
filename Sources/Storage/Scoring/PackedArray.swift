import Postgres

/// A one-dimensional array in PostgreSQL's binary form, encoded and decoded as a whole. A day may have 100,000 cells,
/// and encoding them one by one with `PostgresArray` took most of the time of a run.
///
/// Format: `array_send` in PostgreSQL's `src/backend/utils/adt/arrayfuncs.c`.
struct PackedArray: PostgresEncodable {
    /// Used for COPY only, which takes the type from the column.
    static var postgresType: UInt32 { 0 }

    private let bytes: [UInt8]

    init(_ values: [UInt64]) { self.init(values, type: Int64.postgresType) }
    init(_ values: [Int32]) { self.init(values, type: Int32.postgresType) }
    init(_ values: [Int16]) { self.init(values, type: Int16.postgresType) }
    init(_ values: [Bool]) { self.init(values.map { $0 ? UInt8(1) : 0 }, type: Bool.postgresType) }
    init(_ values: [Double]) { self.init(values.map(\.bitPattern), type: Double.postgresType) }

    func encode(into bytes: inout [UInt8]) { bytes.append(contentsOf: self.bytes) }

    private init<Value: FixedWidthInteger>(_ values: [Value], type: UInt32) {
        let width = MemoryLayout<Value>.size
        // Number of dimensions, no NULLs, element type; then length and lower bound of the dimension, if there is one.
        let header = values.isEmpty ? [0, 0, Int32(type)] : [1, 0, Int32(type), Int32(values.count), 1]
        let size = header.count * 4 + values.count * (4 + width)
        bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            let bytes = UnsafeMutableRawBufferPointer(buffer)
            var offset = 0
            for field in header {
                bytes.storeBytes(of: field.bigEndian, toByteOffset: offset, as: Int32.self)
                offset += 4
            }
            for value in values {
                bytes.storeBytes(of: Int32(width).bigEndian, toByteOffset: offset, as: Int32.self)
                bytes.storeBytes(of: value.bigEndian, toByteOffset: offset + 4, as: Value.self)
                offset += 4 + width
            }
            count = size
        }
    }

    /// Decodes the next field of a row: an array without NULLs whose element type is as wide as `Value`.
    ///
    /// - Throws: `PostgresError` with code `.decoding` when the array is different.
    static func next<Value: FixedWidthInteger>(
        _ name: String, of fields: inout PostgresFields, as type: Value.Type
    ) throws(PostgresError) -> [Value] {
        let values: [Value]? = try fields.nextBytes(name) { bytes in
            guard let bytes, bytes.count >= 12 else { return nil }
            if bytes.count == 12 { return [] }
            let width = MemoryLayout<Value>.size
            let count = (bytes.count - 20) / (4 + width)
            guard bytes.count == 20 + count * (4 + width) else { return nil }
            return (0..<count).map { index in
                Value(bigEndian: bytes.loadUnaligned(fromByteOffset: 24 + index * (4 + width), as: Value.self))
            }
        }
        guard let values else { throw PostgresError(.decoding, "column \(name) is not an array of \(Value.self)") }
        return values
    }
}
