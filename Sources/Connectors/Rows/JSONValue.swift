/// A JSON value whose numbers keep their text and whose members keep their order.
package indirect enum JSONValue: Hashable, Sendable {
    case null
    case bool(Bool)
    case number(String)
    case string(String)
    case array([JSONValue])
    case object([Member])

    package struct Member: Hashable, Sendable {
        package var name: String
        package var value: JSONValue

        package init(name: String, value: JSONValue) {
            self.name = name
            self.value = value
        }
    }

    static let mostDepth = 64

    /// Why a text is no JSON, as the end of a sentence.
    package struct Fault: Error, Hashable {
        package let problem: String
    }

    /// - Throws: ``Fault`` for what RFC 8259 does not allow, for half a surrogate pair, and for more than 64 levels.
    package init(_ bytes: some Collection<UInt8>) throws(Fault) {
        var parser = JSONParser(Array(bytes))
        self = try parser.document()
    }

    /// The member with a name; `nil` for other values and where there is none.
    package subscript(name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.last { $0.name == name }?.value
    }

    /// The value at the end of a path such as `properties.updated`.
    package func value(at path: String) -> JSONValue? {
        path.split(separator: ".").reduce(Optional(self)) { $0?[String($1)] }
    }

    /// The text of a string or a number.
    package var text: String? {
        switch self {
        case .string(let text), .number(let text): text
        case .null, .bool, .array, .object: nil
        }
    }

    /// A whole number, written as one or as a string.
    package var integer: Int64? {
        guard let text else { return nil }
        if let integer = Int64(text) { return integer }
        return Double(text).flatMap { Int64(exactly: $0) }
    }

    var isNull: Bool { self == .null }

    /// Appends the value as JSON without spaces.
    /// - Parameter sorted: Whether the members come in the order of their names, so that equal values are equal texts.
    func append(to bytes: inout [UInt8], sorted: Bool = false) {
        switch self {
        case .null: bytes.append(contentsOf: "null".utf8)
        case .bool(let truth): bytes.append(contentsOf: (truth ? "true" : "false").utf8)
        case .number(let text): bytes.append(contentsOf: text.utf8)
        case .string(let text): Self.append(text, to: &bytes)
        case .array(let elements):
            bytes.append(UInt8(ascii: "["))
            for (index, element) in elements.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                element.append(to: &bytes, sorted: sorted)
            }
            bytes.append(UInt8(ascii: "]"))
        case .object(let members):
            bytes.append(UInt8(ascii: "{"))
            let members = sorted ? members.sorted { $0.name < $1.name } : members
            for (index, member) in members.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                Self.append(member.name, to: &bytes)
                bytes.append(UInt8(ascii: ":"))
                member.value.append(to: &bytes, sorted: sorted)
            }
            bytes.append(UInt8(ascii: "}"))
        }
    }

    /// The value as JSON text.
    var json: String {
        var bytes: [UInt8] = []
        append(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func append(_ text: String, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                bytes.append(UInt8(ascii: "\\"))
                bytes.append(byte)
            case 0..<0x20:
                let digits = Array("0123456789abcdef".utf8)
                bytes.append(contentsOf: "\\u00".utf8)
                bytes.append(digits[Int(byte >> 4)])
                bytes.append(digits[Int(byte & 15)])
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }
}

/// Reads JSON (RFC 8259).
private struct JSONParser {
    private let bytes: [UInt8]
    private var index = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    mutating func document() throws(JSONValue.Fault) -> JSONValue {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { index = 3 }
        let value = try value(depth: 0)
        skipSpace()
        guard index == bytes.count else { throw unexpected }
        return value
    }

    private mutating func value(depth: Int) throws(JSONValue.Fault) -> JSONValue {
        guard depth <= JSONValue.mostDepth else {
            throw JSONValue.Fault(problem: "is nested deeper than \(JSONValue.mostDepth) levels")
        }
        skipSpace()
        switch peek {
        case UInt8(ascii: "{"): return .object(try members(depth))
        case UInt8(ascii: "["): return .array(try elements(depth))
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return .number(try number())
        }
    }

    private mutating func members(_ depth: Int) throws(JSONValue.Fault) -> [JSONValue.Member] {
        index += 1
        var members: [JSONValue.Member] = []
        skipSpace()
        if take(UInt8(ascii: "}")) { return members }
        while true {
            skipSpace()
            guard peek == UInt8(ascii: "\"") else { throw unexpected }
            let name = try string()
            skipSpace()
            guard take(UInt8(ascii: ":")) else { throw unexpected }
            members.append(JSONValue.Member(name: name, value: try value(depth: depth + 1)))
            skipSpace()
            if take(UInt8(ascii: "}")) { return members }
            guard take(UInt8(ascii: ",")) else { throw unexpected }
        }
    }

    private mutating func elements(_ depth: Int) throws(JSONValue.Fault) -> [JSONValue] {
        index += 1
        var elements: [JSONValue] = []
        skipSpace()
        if take(UInt8(ascii: "]")) { return elements }
        while true {
            elements.append(try value(depth: depth + 1))
            skipSpace()
            if take(UInt8(ascii: "]")) { return elements }
            guard take(UInt8(ascii: ",")) else { throw unexpected }
        }
    }

    private mutating func string() throws(JSONValue.Fault) -> String {
        index += 1
        let start = index
        var plain: [UInt8]?
        while let byte = peek {
            switch byte {
            case UInt8(ascii: "\""):
                let text =
                    plain.map { String(validating: $0, as: UTF8.self) }
                    ?? String(validating: bytes[start..<index], as: UTF8.self)
                index += 1
                guard let text else { throw JSONValue.Fault(problem: "is not UTF-8") }
                return text
            case UInt8(ascii: "\\"):
                if plain == nil { plain = Array(bytes[start..<index]) }
                let scalar = try escape()
                plain?.append(contentsOf: String(scalar).utf8)
            case 0..<0x20: throw unexpected
            default:
                plain?.append(byte)
                index += 1
            }
        }
        throw unexpected
    }

    private mutating func escape() throws(JSONValue.Fault) -> Unicode.Scalar {
        index += 1
        guard let letter = peek else { throw unexpected }
        index += 1
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(letter)
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{c}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"):
            let unit = try codeUnit()
            if unit & 0xFC00 == 0xD800, take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) {
                let low = try codeUnit()
                guard low & 0xFC00 == 0xDC00,
                    let scalar = Unicode.Scalar(0x10000 + ((unit & 0x3FF) << 10 | low & 0x3FF))
                else { throw unexpected }
                return scalar
            }
            guard let scalar = Unicode.Scalar(unit) else {
                throw JSONValue.Fault(problem: "has half of a surrogate pair")
            }
            return scalar
        default: throw unexpected
        }
    }

    private mutating func codeUnit() throws(JSONValue.Fault) -> UInt32 {
        guard index + 4 <= bytes.count,
            let unit = UInt32(String(decoding: bytes[index..<index + 4], as: UTF8.self), radix: 16),
            bytes[index] != UInt8(ascii: "+"), bytes[index] != UInt8(ascii: "-")
        else { throw unexpected }
        index += 4
        return unit
    }

    private mutating func number() throws(JSONValue.Fault) -> String {
        let start = index
        _ = take(UInt8(ascii: "-"))
        if !take(UInt8(ascii: "0")) { guard digits() > 0 else { throw unexpected } }
        if take(UInt8(ascii: ".")) { guard digits() > 0 else { throw unexpected } }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            guard digits() > 0 else { throw unexpected }
        }
        return String(decoding: bytes[start..<index], as: UTF8.self)
    }

    private mutating func digits() -> Int {
        let start = index
        while let byte = peek, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { index += 1 }
        return index - start
    }

    private mutating func word(_ word: StaticString, _ value: JSONValue) throws(JSONValue.Fault) -> JSONValue {
        for offset in 0..<word.utf8CodeUnitCount {
            guard take(word.utf8Start[offset]) else { throw unexpected }
        }
        return value
    }

    private var peek: UInt8? { index < bytes.count ? bytes[index] : nil }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard peek == byte else { return false }
        index += 1
        return true
    }

    private mutating func skipSpace() {
        while let byte = peek, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { index += 1 }
    }

    private var unexpected: JSONValue.Fault {
        JSONValue.Fault(problem: index < bytes.count ? "is not JSON at byte \(index + 1)" : "ends too early")
    }
}
