import Foundation

/// Reads decimal numbers of ASCII text.
enum NumberText {
    /// The number that all of the bytes are; nil if they are none. Neither blanks nor the words for infinity are read.
    ///
    /// Where at most 19 digits and a power of ten up to 22 make the number exactly representable in two steps, it is
    /// computed so (W. Clinger, "How to read floating point numbers accurately", 1990); else by the C library.
    static func double(_ bytes: some RandomAccessCollection<UInt8>) -> Double? {
        var mantissa: UInt64 = 0
        var digits = 0
        var scale = 0
        var isNegative = false
        var hasPoint = false
        var hasDigit = false
        var index = bytes.startIndex
        if index < bytes.endIndex, bytes[index] == UInt8(ascii: "-") || bytes[index] == UInt8(ascii: "+") {
            isNegative = bytes[index] == UInt8(ascii: "-")
            index = bytes.index(after: index)
        }
        while index < bytes.endIndex {
            let byte = bytes[index]
            if byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") {
                hasDigit = true
                if digits < 19 {
                    mantissa = mantissa * 10 + UInt64(byte - UInt8(ascii: "0"))
                    if mantissa > 0 { digits += 1 }
                    if hasPoint { scale -= 1 }
                } else {
                    digits += 1
                    if !hasPoint { scale += 1 }
                }
            } else if byte == UInt8(ascii: "."), !hasPoint {
                hasPoint = true
            } else {
                break
            }
            index = bytes.index(after: index)
        }
        guard hasDigit else { return nil }
        if index < bytes.endIndex {
            guard bytes[index] | 0x20 == UInt8(ascii: "e") else { return nil }
            return slow(bytes)
        }
        guard digits <= 19, mantissa <= 1 << 53, -22...22 ~= scale else { return slow(bytes) }
        let value = scale < 0 ? Double(mantissa) / powers[-scale] : Double(mantissa) * powers[scale]
        return isNegative ? -value : value
    }

    private static func slow(_ bytes: some RandomAccessCollection<UInt8>) -> Double? {
        guard bytes.count <= 400, let value = Double(String(decoding: bytes, as: UTF8.self)), value.isFinite else {
            return nil
        }
        return value
    }

    private static let powers: [Double] = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22,
    ]
}
