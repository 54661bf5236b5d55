/// One field of a protobuf message: a number, or the bytes of a text, a message or packed numbers.
struct ProtobufField {
    let number: UInt64
    var integer: UInt64 = 0
    var bytes: ArraySlice<UInt8> = []

    static func fields(of message: ArraySlice<UInt8>) -> [ProtobufField] {
        var fields: [ProtobufField] = []
        var rest = message
        while !rest.isEmpty {
            let tag = integer(&rest)
            var field = ProtobufField(number: tag >> 3)
            switch tag & 7 {
            case 0: field.integer = integer(&rest)
            case 1: field.integer = fixed(8, &rest)
            case 2:
                let length = Int(integer(&rest))
                field.bytes = rest.prefix(length)
                rest = rest.dropFirst(length)
            default: field.integer = fixed(4, &rest)
            }
            fields.append(field)
        }
        return fields
    }

    /// Packed varints.
    static func integers(of bytes: ArraySlice<UInt8>) -> [UInt64] {
        var rest = bytes
        var integers: [UInt64] = []
        while !rest.isEmpty { integers.append(integer(&rest)) }
        return integers
    }

    private static func integer(_ rest: inout ArraySlice<UInt8>) -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while let byte = rest.popFirst() {
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { break }
            shift += 7
        }
        return value
    }

    private static func fixed(_ length: Int, _ rest: inout ArraySlice<UInt8>) -> UInt64 {
        let value = rest.prefix(length).reversed().reduce(0) { $0 << 8 | UInt64($1) }
        rest = rest.dropFirst(length)
        return value
    }
}
