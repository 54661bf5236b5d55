/// Goes through a JSON text that `JSONObject.check` has passed, value by value.
struct JSONWalk {
    enum Kind {
        case object, array, string, null, other
    }

    let bytes: [UInt8]
    /// The current index: at the start of a value, after one, or after an opening bracket.
    private(set) var index: Int

    init(bytes: [UInt8], index: Int) {
        self.bytes = bytes
        self.index = index
        skipSpace()
    }

    var kind: Kind {
        switch bytes[index] {
        case UInt8(ascii: "{"): .object
        case UInt8(ascii: "["): .array
        case UInt8(ascii: "\""): .string
        case UInt8(ascii: "n"): .null
        default: .other
        }
    }

    func isString(_ text: StaticString) -> Bool {
        kind == .string
            && bytes[(index + 1)...].starts(
                with: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
            && bytes[index + 1 + text.utf8CodeUnitCount] == UInt8(ascii: "\"")
    }

    mutating func enter() { index += 1 }

    /// Moves to the value of the next member and returns the range of its name; nil after the closing bracket.
    mutating func nextMember() -> Range<Int>? {
        guard nextElement() else { return nil }
        let name = skip()
        skipSpace()
        index += 1
        skipSpace()
        return name.lowerBound + 1..<name.upperBound - 1
    }

    /// Moves to the next element; false after the closing bracket.
    mutating func nextElement() -> Bool {
        skipSpace()
        if bytes[index] == UInt8(ascii: ",") {
            index += 1
            skipSpace()
        }
        guard bytes[index] != UInt8(ascii: "}"), bytes[index] != UInt8(ascii: "]") else {
            index += 1
            return false
        }
        return true
    }

    /// Moves past the value and returns its range.
    @discardableResult
    mutating func skip() -> Range<Int> {
        let start = index
        if kind == .null || kind == .other {
            while index < bytes.count, !Self.endsWord(bytes[index]) { index += 1 }
        } else {
            index = JSONNesting.end(of: bytes, from: index) ?? bytes.count
        }
        return start..<index
    }

    private static func endsWord(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x20, 0x09, 0x0A, 0x0D, UInt8(ascii: ","), UInt8(ascii: "}"), UInt8(ascii: "]"): true
        default: false
        }
    }

    private mutating func skipSpace() {
        while index < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[index]) { index += 1 }
    }
}
