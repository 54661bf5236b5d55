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

    /// The rows in two buffers of about the same length; nil when there are fewer than two.
    package func halves() -> (CopyBuffer, CopyBuffer)? {
        var index = 0
        // The end of the last row that begins before the middle.
        while index < bytes.count {
            let end = endOfRow(at: index)
            guard end * 2 < bytes.count else {
                let middle = index > 0 ? index : end
                guard middle < bytes.count else { return nil }
                var halves = (CopyBuffer(), CopyBuffer())
                halves.0.bytes = Array(bytes[..<middle])
                halves.1.bytes = Array(bytes[middle...])
                return halves
            }
            index = end
        }
        return nil
    }

    /// The index after the row at an index: the number of its fields, then the length of each and its bytes, where a
    /// length of -1 is NULL.
    private func endOfRow(at start: Int) -> Int {
        func number(_ place: Int, _ count: Int) -> UInt32 {
            bytes[place..<place + count].reduce(0) { $0 << 8 | UInt32($1) }
        }
        var index = start + 2
        for _ in 0..<number(start, 2) {
            let length = Int32(bitPattern: number(index, 4))
            index += 4 + Int(max(length, 0))
        }
        return index
    }

    /// The signature, flags and extension length at the start of the stream.
    static let header: [UInt8] = Array("PGCOPY\n".utf8) + [0xFF, 0x0D, 0x0A, 0x00] + [UInt8](repeating: 0, count: 8)
    static let trailer: [UInt8] = [0xFF, 0xFF]
}
