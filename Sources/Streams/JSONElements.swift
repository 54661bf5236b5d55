/// Finds the elements of an array in a JSON text by brackets and quotes alone. The elements themselves are not checked:
/// whoever decodes them does that, one by one.
struct JSONElements {
    private let bytes: [UInt8]
    private var index = 0

    private init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The elements of a text that is an array; nil for another text, or one that is not closed.
    static func ofArray(_ bytes: [UInt8]) -> [Range<Int>]? {
        var scan = JSONElements(bytes)
        scan.skipSpace()
        guard let elements = scan.elements() else { return nil }
        scan.skipSpace()
        return scan.index == bytes.count ? elements : nil
    }

    /// The elements of the array that a member of the outermost object has; nil where there is no such member.
    static func ofMember(_ name: String, in bytes: [UInt8]) -> [Range<Int>]? {
        var scan = JSONElements(bytes)
        let quoted = Array("\"\(name)\"".utf8)
        scan.skipSpace()
        guard scan.take("{") else { return nil }
        while true {
            scan.skipSpace()
            guard let key = scan.value() else { return nil }
            scan.skipSpace()
            guard scan.take(":") else { return nil }
            scan.skipSpace()
            if bytes[key].elementsEqual(quoted) { return scan.elements() }
            guard scan.value() != nil else { return nil }
            scan.skipSpace()
            guard scan.take(",") else { return nil }
        }
    }

    /// The elements of the array that begins here; nil when none does, or it is not closed.
    private mutating func elements() -> [Range<Int>]? {
        guard take("[") else { return nil }
        var found: [Range<Int>] = []
        skipSpace()
        if take("]") { return found }
        while true {
            skipSpace()
            guard let element = value() else { return nil }
            found.append(element)
            skipSpace()
            if take("]") { return found }
            guard take(",") else { return nil }
        }
    }

    /// The value that begins here: up to the comma, colon or bracket that ends it, without the space before that.
    private mutating func value() -> Range<Int>? {
        let start = index
        var depth = 0
        var end = index
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "\""): guard skipString() else { return nil }
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth += 1
                index += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                if depth == 0 { return start < end ? start..<end : nil }
                depth -= 1
                index += 1
            case UInt8(ascii: ","), UInt8(ascii: ":"):
                if depth == 0 { return start < end ? start..<end : nil }
                index += 1
            case 0x20, 0x09, 0x0A, 0x0D:
                index += 1
                continue
            default: index += 1
            }
            end = index
        }
        return nil
    }

    /// Goes behind the string that begins here; false when it is not closed.
    private mutating func skipString() -> Bool {
        index += 1
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "\\"): index += 2
            case UInt8(ascii: "\""):
                index += 1
                return true
            default: index += 1
            }
        }
        return false
    }

    private mutating func skipSpace() {
        while index < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[index]) { index += 1 }
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard index < bytes.count, bytes[index] == UInt8(ascii: character) else { return false }
        index += 1
        return true
    }
}
