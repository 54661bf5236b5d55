/// Rows in the binary form of COPY, ready to send.
///
/// Format: PostgreSQL documentation, COPY, "Binary Format".
package struct CopyBuffer: Sendable {
    package internal(set) var bytes: [UInt8] = []

    package init(reserving capacity: Int = 0) {
        bytes.reserveCapacity(capacity)
    }

    package var isEmpty: Bool { bytes.isEmpty }

    package mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

    /// Begins a row. Exactly `fields` values must then be appended.
    package mutating func beginRow(fields: Int16) {
        bytes.append(bigEndian: fields)
    }

    package mutating func append(_ value: some PostgresEncodable) {
        bytes.appendField(value)
    }

    /// Appends a field whose binary form the caller has.
    package mutating func append(raw value: some Collection<UInt8>) {
        bytes.append(bigEndian: Int32(value.count))
        bytes.append(contentsOf: value)
    }

    /// The signature, flags and extension length at the start of the stream.
    static let header: [UInt8] = Array("PGCOPY\n".utf8) + [0xFF, 0x0D, 0x0A, 0x00] + [UInt8](repeating: 0, count: 8)
    static let trailer: [UInt8] = [0xFF, 0xFF]
}
