/// Reads JSON (RFC 8259) from a file token by token, with one block of it in memory.
final class JSONStream {
    private let source: SourceBytes
    private let limits: AreaLimits
    private var block: [UInt8] = []
    private var index = 0
    private var blockStart: Int64 = 0

    init(_ source: SourceBytes, limits: AreaLimits) {
        self.source = source
        self.limits = limits
    }

    /// How many bytes were read.
    var offset: Int64 { blockStart + Int64(index) }

    /// The next byte, which stays; nil at the end of the file.
    func peek() throws(Fault) -> UInt8? {
        if index == block.count {
            blockStart += Int64(block.count)
            do {
                block = try source.read(at: blockStart, count: 1 << 18)
            } catch {
                throw Fault(error.problem, error.code)
            }
            index = 0
            guard !block.isEmpty else { return nil }
        }
        return block[index]
    }

    func advance() { index += 1 }

    /// The next byte that is not white space, which stays. The record separator of RFC 8142 counts as white space.
    func peekToken() throws(Fault) -> UInt8? {
        while let byte = try peek() {
            guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 || byte == 0x1E else { return byte }
            index += 1
        }
        return nil
    }

    func skipByteOrderMark() throws(Fault) {
        for mark in [0xEF, 0xBB, 0xBF] as [UInt8] {
            guard try peek() == mark else { return }
            index += 1
        }
    }

    /// Takes a byte if it is the next token.
    func take(_ byte: UInt8) throws(Fault) -> Bool {
        guard try peekToken() == byte else { return false }
        index += 1
        return true
    }

    func expect(_ byte: UInt8) throws(Fault) {
        guard try take(byte) else { throw try unexpected() }
    }

    /// The fault of the next byte.
    func unexpected() throws(Fault) -> Fault {
        guard let byte = try peek() else { return Fault("the file ends within it") }
        let shown = (0x21..<0x7F).contains(byte) ? "\"\(String(decoding: [byte], as: UTF8.self))\"" : "byte \(byte)"
        return Fault("is not JSON: there is an unexpected \(shown) at byte \(offset + 1) of the file")
    }

    /// Takes the members of an object; `body` takes each value.
    func members(depth: Int, _ body: (String) throws(Fault) -> Void) throws(Fault) {
        try check(depth)
        try expect(UInt8(ascii: "{"))
        if try take(UInt8(ascii: "}")) { return }
        repeat {
            let name = try string()
            try expect(UInt8(ascii: ":"))
            try body(name)
        } while try take(UInt8(ascii: ","))
        try expect(UInt8(ascii: "}"))
    }

    /// Takes the elements of an array; `body` takes each.
    func elements(depth: Int, _ body: () throws(Fault) -> Void) throws(Fault) {
        try check(depth)
        try expect(UInt8(ascii: "["))
        if try take(UInt8(ascii: "]")) { return }
        repeat { try body() } while try take(UInt8(ascii: ","))
        try expect(UInt8(ascii: "]"))
    }

    func check(_ depth: Int) throws(Fault) {
        guard depth <= limits.mostNesting else {
            throw Fault("is nested deeper than \(limits.mostNesting) levels", .limit)
        }
    }

    /// Takes a string.
    func string() throws(Fault) -> String {
        var bytes: [UInt8] = []
        try quoted(into: &bytes, isRaw: false)
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw Fault("has text that is not UTF-8, before byte \(offset + 1) of the file")
        }
        return text
    }

    /// Takes a number.
    func number() throws(Fault) -> Double {
        let text = try numberText()
        guard let number = NumberText.double(text) else { throw Fault("has a number that is out of range") }
        return number
    }

    /// Takes the text of a number, in the grammar of RFC 8259.
    func numberText() throws(Fault) -> [UInt8] {
        _ = try peekToken()
        var text: [UInt8] = []
        func takeOne(_ isWanted: (UInt8) -> Bool) throws(Fault) -> Bool {
            guard let byte = try peek(), isWanted(byte), text.count < 1000 else { return false }
            text.append(byte)
            index += 1
            return true
        }
        func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }
        _ = try takeOne { $0 == UInt8(ascii: "-") }
        guard try takeOne(isDigit) else { throw try unexpected() }
        if text.last != UInt8(ascii: "0") { while try takeOne(isDigit) {} }
        if try takeOne({ $0 == UInt8(ascii: ".") }) {
            guard try takeOne(isDigit) else { throw try unexpected() }
            while try takeOne(isDigit) {}
        }
        if try takeOne({ $0 | 0x20 == UInt8(ascii: "e") }) {
            _ = try takeOne { $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "-") }
            guard try takeOne(isDigit) else { throw try unexpected() }
            while try takeOne(isDigit) {}
        }
        return text
    }

    /// Takes `true`, `false` or `null`.
    func word(_ word: StaticString) throws(Fault) {
        _ = try peekToken()
        for offset in 0..<word.utf8CodeUnitCount {
            guard try peek() == word.utf8Start[offset] else { throw try unexpected() }
            index += 1
        }
    }

    /// Takes any value and appends its text without white space.
    func raw(into text: inout [UInt8], depth: Int) throws(Fault) {
        try check(depth)
        guard text.count <= limits.mostTextBytes else {
            throw Fault("has a value of more than \(limits.mostTextBytes) bytes", .limit)
        }
        switch try peekToken() {
        case UInt8(ascii: "{"):
            text.append(UInt8(ascii: "{"))
            var isFirst = true
            index += 1
            while try !take(UInt8(ascii: "}")) {
                if !isFirst {
                    try expect(UInt8(ascii: ","))
                    text.append(UInt8(ascii: ","))
                }
                isFirst = false
                _ = try peekToken()
                try quoted(into: &text, isRaw: true)
                try expect(UInt8(ascii: ":"))
                text.append(UInt8(ascii: ":"))
                try raw(into: &text, depth: depth + 1)
            }
            text.append(UInt8(ascii: "}"))
        case UInt8(ascii: "["):
            text.append(UInt8(ascii: "["))
            var isFirst = true
            index += 1
            while try !take(UInt8(ascii: "]")) {
                if !isFirst {
                    try expect(UInt8(ascii: ","))
                    text.append(UInt8(ascii: ","))
                }
                isFirst = false
                try raw(into: &text, depth: depth + 1)
            }
            text.append(UInt8(ascii: "]"))
        case UInt8(ascii: "\""): try quoted(into: &text, isRaw: true)
        case UInt8(ascii: "t"):
            try word("true")
            text += Array("true".utf8)
        case UInt8(ascii: "f"):
            try word("false")
            text += Array("false".utf8)
        case UInt8(ascii: "n"):
            try word("null")
            text += Array("null".utf8)
        default: text += try numberText()
        }
    }

    /// Takes any value. Its nesting is bounded, its length is not.
    func skip(depth: Int) throws(Fault) {
        switch try peekToken() {
        case UInt8(ascii: "{"): try members(depth: depth) { (_) throws(Fault) in try skip(depth: depth + 1) }
        case UInt8(ascii: "["): try elements(depth: depth) { () throws(Fault) in try skip(depth: depth + 1) }
        case UInt8(ascii: "\""):
            var ignored: [UInt8] = []
            try quoted(into: &ignored, isRaw: true)
        case UInt8(ascii: "t"): try word("true")
        case UInt8(ascii: "f"): try word("false")
        case UInt8(ascii: "n"): try word("null")
        default: _ = try numberText()
        }
    }

    /// Takes a string and appends it, as it stands with its quotes, or its text.
    private func quoted(into text: inout [UInt8], isRaw: Bool) throws(Fault) {
        try expect(UInt8(ascii: "\""))
        if isRaw { text.append(UInt8(ascii: "\"")) }
        let most = text.count + limits.mostTextBytes
        while let byte = try peek() {
            index += 1
            switch byte {
            case UInt8(ascii: "\""):
                if isRaw { text.append(byte) }
                return
            case UInt8(ascii: "\\"): try escape(into: &text, isRaw: isRaw)
            case 0..<0x20: throw Fault("is not JSON: there is a control character in a text, at byte \(offset)")
            default: text.append(byte)
            }
            guard text.count <= most else {
                throw Fault("has a text of more than \(limits.mostTextBytes) bytes", .limit)
            }
        }
        throw Fault("the file ends within a text")
    }

    private func escape(into text: inout [UInt8], isRaw: Bool) throws(Fault) {
        guard let byte = try peek() else { throw try unexpected() }
        index += 1
        let plain: UInt8
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): plain = byte
        case UInt8(ascii: "b"): plain = 0x08
        case UInt8(ascii: "f"): plain = 0x0C
        case UInt8(ascii: "n"): plain = 0x0A
        case UInt8(ascii: "r"): plain = 0x0D
        case UInt8(ascii: "t"): plain = 0x09
        case UInt8(ascii: "u"):
            var scalar = try codeUnit()
            if scalar & 0xFC00 == 0xD800 {
                guard try peek() == UInt8(ascii: "\\") else { throw try unexpected() }
                index += 1
                guard try peek() == UInt8(ascii: "u") else { throw try unexpected() }
                index += 1
                let low = try codeUnit()
                guard low & 0xFC00 == 0xDC00 else {
                    throw Fault("has half of a surrogate pair, before byte \(offset + 1) of the file")
                }
                scalar = 0x10000 + ((scalar & 0x3FF) << 10 | (low & 0x3FF))
            }
            guard scalar != 0, let character = Unicode.Scalar(scalar) else {
                throw Fault("has a \\u that is no character, before byte \(offset + 1) of the file")
            }
            // As its own bytes it is valid in raw text, too, but for control characters.
            if isRaw, scalar < 0x20 || scalar == 0x22 || scalar == 0x5C {
                text += Array("\\u00\(scalar < 0x10 ? "0" : "")\(String(scalar, radix: 16))".utf8)
            } else {
                text += Array(String(character).utf8)
            }
            return
        default: throw Fault("is not JSON: there is an unknown escape in a text, at byte \(offset)")
        }
        if isRaw {
            text += [UInt8(ascii: "\\"), byte]
        } else {
            text.append(plain)
        }
    }

    private func codeUnit() throws(Fault) -> UInt32 {
        var unit: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = try peek(), let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw try unexpected()
            }
            index += 1
            unit = unit * 16 + UInt32(digit)
        }
        return unit
    }
}
