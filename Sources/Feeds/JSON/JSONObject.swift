/// Checks that a text is a JSON object (RFC 8259) that PostgreSQL's `jsonb` can store.
///
/// The text must be UTF-8 already.
///
/// `jsonb` refuses some of what JSON allows: the character U+0000, half a surrogate pair, numbers beyond `numeric`, and
/// nesting that exhausts its stack.
enum JSONObject {
    struct Fault: Error {
        let problem: String
    }

    static let maximumDepth = 64
    /// The largest number of digits; `numeric` has 131,072 digits before the point and 16,383 after it.
    private static let maximumDigits = 1000
    private static let maximumExponent = 9999

    static func check(_ text: Span<UInt8>) throws(Fault) {
        var none: [Range<Int>]?
        try check(text, UInt8(ascii: "{"), &none)
    }

    /// Checks a record, in which `NaN` and infinities may stand for numbers, as other programs write them.
    ///
    /// - Parameter isRow: Whether the record is an array instead of an object.
    /// - Returns: The ranges of these words, which are no JSON.
    static func checkRecord(_ text: Span<UInt8>, isRow: Bool) throws(Fault) -> [Range<Int>] {
        var words: [Range<Int>]? = []
        try check(text, isRow ? UInt8(ascii: "[") : UInt8(ascii: "{"), &words)
        return words ?? []
    }

    /// - Parameter words: Collects the ranges of words for numbers that are not finite; nil to refuse them.
    private static func check(_ text: Span<UInt8>, _ open: UInt8, _ words: inout [Range<Int>]?) throws(Fault) {
        let what = open == UInt8(ascii: "{") ? "object" : "array"
        var index = skipSpace(text, 0)
        guard index < text.count, text[index] == open else { throw Fault(problem: "is not a JSON \(what)") }
        try value(text, &index, depth: 1, &words)
        guard skipSpace(text, index) == text.count else { throw Fault(problem: "has text after the JSON \(what)") }
    }

    private static func value(
        _ text: Span<UInt8>, _ index: inout Int, depth: Int, _ words: inout [Range<Int>]?
    ) throws(Fault) {
        guard depth <= maximumDepth else { throw Fault(problem: "is nested deeper than \(maximumDepth) levels") }
        guard index < text.count else { throw Fault(problem: "ends too early") }
        switch text[index] {
        case UInt8(ascii: "{"): try members(text, &index, close: UInt8(ascii: "}"), depth: depth, &words)
        case UInt8(ascii: "["): try members(text, &index, close: UInt8(ascii: "]"), depth: depth, &words)
        case UInt8(ascii: "\""): try string(text, &index)
        case UInt8(ascii: "t"): try word(text, &index, "true")
        case UInt8(ascii: "f"): try word(text, &index, "false")
        case UInt8(ascii: "n") where words == nil || endOfNoNumber(text, index) == nil:
            try word(text, &index, "null")
        default:
            if words != nil, let end = endOfNoNumber(text, index) {
                words?.append(index..<end)
                index = end
            } else {
                try number(text, &index)
            }
        }
    }

    /// How Python, JavaScript, C and GDAL write numbers that are none.
    private static let noNumbers: [StaticString] = ["NaN", "nan", "Infinity", "infinity", "inf", "Inf"]

    /// The end of such a word, which may have a sign; nil where there is none.
    private static func endOfNoNumber(_ text: Span<UInt8>, _ from: Int) -> Int? {
        var start = from
        if text[start] == UInt8(ascii: "-") || text[start] == UInt8(ascii: "+") { start += 1 }
        guard start < text.count, text[start] > UInt8(ascii: "9") else { return nil }
        for word in noNumbers where start + word.utf8CodeUnitCount <= text.count {
            var length = 0
            while length < word.utf8CodeUnitCount, text[start + length] == word.utf8Start[length] { length += 1 }
            let end = start + length
            guard length == word.utf8CodeUnitCount, end == text.count || !isLetter(text[end]) else { continue }
            return end
        }
        return nil
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }

    /// Checks the members of an object or the elements of an array, including the brackets.
    private static func members(
        _ text: Span<UInt8>, _ index: inout Int, close: UInt8, depth: Int, _ words: inout [Range<Int>]?
    ) throws(Fault) {
        index = skipSpace(text, index + 1)
        if index < text.count, text[index] == close {
            index += 1
            return
        }
        while true {
            if close == UInt8(ascii: "}") {
                guard index < text.count, text[index] == UInt8(ascii: "\"") else { throw unexpected(text, index) }
                try string(text, &index)
                index = skipSpace(text, index)
                guard index < text.count, text[index] == UInt8(ascii: ":") else { throw unexpected(text, index) }
                index = skipSpace(text, index + 1)
            }
            try value(text, &index, depth: depth + 1, &words)
            index = skipSpace(text, index)
            guard index < text.count else { throw unexpected(text, index) }
            if text[index] == close {
                index += 1
                return
            }
            guard text[index] == UInt8(ascii: ",") else { throw unexpected(text, index) }
            index = skipSpace(text, index + 1)
        }
    }

    private static func string(_ text: Span<UInt8>, _ index: inout Int) throws(Fault) {
        index += 1
        while index < text.count {
            switch text[index] {
            case UInt8(ascii: "\""):
                index += 1
                return
            case UInt8(ascii: "\\"):
                try escape(text, &index)
            case 0..<0x20:
                throw Fault(problem: "has a control character in a string, at byte \(index + 1)")
            default:
                index += 1
            }
        }
        throw Fault(problem: "has a string that is not closed")
    }

    private static func escape(_ text: Span<UInt8>, _ index: inout Int) throws(Fault) {
        guard index + 1 < text.count else { throw unexpected(text, index) }
        switch text[index + 1] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            index += 2
        case UInt8(ascii: "u"):
            let unit = try codeUnit(text, index)
            index += 6
            guard unit != 0 else { throw Fault(problem: "has the character \\u0000, which PostgreSQL cannot store") }
            if unit & 0xF800 == 0xD800 {
                guard unit < 0xDC00, index + 1 < text.count, text[index] == UInt8(ascii: "\\"),
                    text[index + 1] == UInt8(ascii: "u"), try codeUnit(text, index) & 0xFC00 == 0xDC00
                else { throw Fault(problem: "has half of a surrogate pair, at byte \(index - 5)") }
                index += 6
            }
        default:
            throw unexpected(text, index + 1)
        }
    }

    /// Parses the four hexadecimal digits of the `\u` at `index`.
    private static func codeUnit(_ text: Span<UInt8>, _ index: Int) throws(Fault) -> Int {
        var unit = 0
        for place in index + 2..<index + 6 {
            guard place < text.count else { throw unexpected(text, place) }
            let digit = text[place] &- UInt8(ascii: "0")
            let letter = (text[place] | 0x20) &- UInt8(ascii: "a")
            guard digit < 10 || letter < 6 else { throw unexpected(text, place) }
            unit = unit * 16 + Int(digit < 10 ? digit : letter + 10)
        }
        return unit
    }

    private static func word(_ text: Span<UInt8>, _ index: inout Int, _ word: StaticString) throws(Fault) {
        for offset in 0..<word.utf8CodeUnitCount {
            guard index < text.count, text[index] == word.utf8Start[offset] else { throw unexpected(text, index) }
            index += 1
        }
    }

    private static func number(_ text: Span<UInt8>, _ index: inout Int) throws(Fault) {
        let start = index
        if text[index] == UInt8(ascii: "-") { index += 1 }
        let isZero = index < text.count && text[index] == UInt8(ascii: "0")
        let whole = digits(text, &index)
        guard whole > 0, !isZero || whole == 1 else { throw unexpected(text, isZero ? index - 1 : index) }
        if index < text.count, text[index] == UInt8(ascii: ".") {
            index += 1
            guard digits(text, &index) > 0 else { throw unexpected(text, index) }
        }
        var exponent = 0
        if index < text.count, text[index] | 0x20 == UInt8(ascii: "e") {
            index += 1
            if index < text.count, text[index] == UInt8(ascii: "+") || text[index] == UInt8(ascii: "-") { index += 1 }
            let first = index
            guard digits(text, &index) > 0 else { throw unexpected(text, index) }
            for place in first..<index where exponent <= maximumExponent {
                exponent = exponent * 10 + Int(text[place] - UInt8(ascii: "0"))
            }
        }
        guard index - start <= maximumDigits, exponent <= maximumExponent else {
            throw Fault(problem: "has a number that PostgreSQL cannot store, at byte \(start + 1)")
        }
    }

    private static func digits(_ text: Span<UInt8>, _ index: inout Int) -> Int {
        let start = index
        while index < text.count, text[index] &- UInt8(ascii: "0") < 10 { index += 1 }
        return index - start
    }

    private static func skipSpace(_ text: Span<UInt8>, _ from: Int) -> Int {
        var index = from
        while index < text.count {
            switch text[index] {
            case 0x20, 0x09, 0x0A, 0x0D: index += 1
            default: return index
            }
        }
        return index
    }

    private static func unexpected(_ text: Span<UInt8>, _ index: Int) -> Fault {
        guard index < text.count else { return Fault(problem: "ends too early") }
        let character = text[index] > 0x20 && text[index] < 0x7F ? " (\(Character(Unicode.Scalar(text[index]))))" : ""
        return Fault(problem: "is not JSON at byte \(index + 1)\(character)")
    }
}
