package import NIOCore

/// A FlatBuffer with its length in front, written from front to back: a table first, then what it points to.
///
/// Format: FlatBuffers documentation, "FlatBuffer Internals". Numbers are little-endian and aligned to their size,
/// counted from the length.
package struct FlatBuffer {
    package enum Field {
        case byte(UInt8)
        case short(UInt16)
        case int(Int32)
        case long(UInt64)
        /// A reference that ``point(_:)`` fills in.
        case reference

        fileprivate var size: Int {
            switch self {
            case .byte: 1
            case .short: 2
            case .int, .reference: 4
            case .long: 8
            }
        }
    }

    private(set) var bytes: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0]

    package init() {}

    /// Writes a table and adjusts the reference to it.
    /// - Parameters:
    ///   - from: The place of the reference to the table; 4 for the root.
    ///   - fields: The fields by their numbers in the schema; `nil` for the schema's default.
    /// - Returns: The place of each field.
    package mutating func table(from reference: Int = 4, _ fields: [Field?]) -> [Int] {
        var offsets: [Int] = []
        var length = 4
        for field in fields {
            guard let size = field?.size else {
                offsets.append(0)
                continue
            }
            length = (length + size - 1) / size * size
            offsets.append(length)
            length += size
        }
        let tableOfFields = 4 + 2 * fields.count
        // The table itself is aligned to the largest size.
        while (bytes.count + tableOfFields) % 8 != 0 { bytes.append(0) }
        append(UInt16(tableOfFields))
        append(UInt16(length))
        for offset in offsets { append(UInt16(offset)) }
        let start = bytes.count
        point(reference)
        append(Int32(tableOfFields))
        for (field, offset) in zip(fields, offsets) {
            guard let field else { continue }
            while bytes.count < start + offset { bytes.append(0) }
            switch field {
            case .byte(let value): bytes.append(value)
            case .short(let value): append(value)
            case .int(let value): append(value)
            case .long(let value): append(value)
            case .reference: append(UInt32(0))
            }
        }
        return offsets.map { start + $0 }
    }

    package mutating func string(from reference: Int, _ text: String) {
        vector(from: reference, count: text.utf8.count, size: 1)
        bytes.append(contentsOf: text.utf8)
        bytes.append(0)
    }

    package mutating func doubles(from reference: Int, _ values: [Double]) {
        vector(from: reference, count: values.count, size: 8)
        for value in values { append(value.bitPattern) }
    }

    package mutating func integers(from reference: Int, _ values: [UInt32]) {
        vector(from: reference, count: values.count, size: 4)
        for value in values { append(value) }
    }

    package mutating func data(from reference: Int, _ data: [UInt8]) {
        vector(from: reference, count: data.count, size: 1)
        bytes.append(contentsOf: data)
    }

    /// Writes a vector of references.
    /// - Returns: The place of each reference.
    package mutating func references(from reference: Int, count: Int) -> [Int] {
        vector(from: reference, count: count, size: 4)
        let start = bytes.count
        bytes.append(contentsOf: [UInt8](repeating: 0, count: 4 * count))
        return (0..<count).map { start + 4 * $0 }
    }

    /// Writes the buffer with its length in front.
    package func write(into buffer: inout ByteBuffer) {
        buffer.writeInteger(UInt32(bytes.count - 4), endianness: .little)
        buffer.writeBytes(bytes[4...])
    }

    private mutating func vector(from reference: Int, count: Int, size: Int) {
        while (bytes.count + 4) % max(4, size) != 0 { bytes.append(0) }
        point(reference)
        append(UInt32(count))
    }

    /// Makes the reference at a place point to the current end.
    private mutating func point(_ reference: Int) {
        withUnsafeBytes(of: UInt32(bytes.count - reference).littleEndian) { offset in
            for index in 0..<4 { bytes[reference + index] = offset[index] }
        }
    }

    private mutating func append(_ value: some FixedWidthInteger) {
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }
}
