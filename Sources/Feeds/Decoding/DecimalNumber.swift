/// Decimal numbers as text: digits with an optional sign, point and exponent, and nothing else.
enum DecimalNumber {
    private static let powersOfTen: [Double] = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22,
    ]

    /// The nearest double, or nil when the text is not a decimal number.
    ///
    /// A number that is too large becomes infinite.
    ///
    /// Up to 2^53 and with a power of ten up to 22, both of which are exact as doubles, a single multiplication or
    /// division rounds correctly (Clinger 1990). Everything else goes to the standard library.
    static func read(_ text: Span<UInt8>) -> Double? {
        var index = 0
        let end = text.count
        var isNegative = false
        if index < end, text[index] == UInt8(ascii: "-") || text[index] == UInt8(ascii: "+") {
            isNegative = text[index] == UInt8(ascii: "-")
            index += 1
        }
        var mantissa: UInt64 = 0
        var digits = 0
        var decimals = 0
        var isAfterPoint = false
        while index < end {
            let digit = text[index] &- UInt8(ascii: "0")
            if digit < 10 {
                mantissa = mantissa &* 10 &+ UInt64(digit)
                digits += 1
                if isAfterPoint { decimals += 1 }
            } else if text[index] == UInt8(ascii: "."), !isAfterPoint {
                isAfterPoint = true
            } else {
                break
            }
            index += 1
        }
        guard digits > 0 else { return nil }
        if index == end, digits <= 18, mantissa <= 1 << 53 {
            let value = Double(mantissa) / powersOfTen[decimals]
            return isNegative ? -value : value
        }
        if index < end {
            guard text[index] | 0x20 == UInt8(ascii: "e"), isExponent(text, from: index + 1) else { return nil }
        }
        return text.withUnsafeBufferPointer { Double(String(decoding: $0, as: UTF8.self)) }
    }

    private static func isExponent(_ text: Span<UInt8>, from: Int) -> Bool {
        var index = from
        if index < text.count, text[index] == UInt8(ascii: "-") || text[index] == UInt8(ascii: "+") { index += 1 }
        guard index < text.count else { return false }
        while index < text.count {
            guard text[index] &- UInt8(ascii: "0") < 10 else { return false }
            index += 1
        }
        return true
    }
}
