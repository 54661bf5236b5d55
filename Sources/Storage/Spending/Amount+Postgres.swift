package import Domain
import Postgres

/// An amount is a `numeric` in PostgreSQL, sent and read in its binary form: digits of base 10,000, never a
/// floating-point number.
extension Amount: PostgresEncodable, PostgresDecodable {
    package static var postgresType: UInt32 { 1700 }

    /// The base of `numeric`'s digits.
    private static let base: UInt64 = 10_000
    private static let negative: UInt16 = 0x4000

    package func encode(into bytes: inout [UInt8]) {
        let (whole, hundredths) = cents.magnitude.quotientAndRemainder(dividingBy: 100)
        var digits: [UInt64] = []
        var rest = whole
        while rest > 0 {
            digits.append(rest % Self.base)
            rest /= Self.base
        }
        digits.reverse()
        let weight = digits.count - 1
        if hundredths > 0 { digits.append(hundredths * 100) }
        while digits.last == 0 { digits.removeLast() }
        bytes.append(bigEndian: Int16(digits.count))
        bytes.append(bigEndian: Int16(digits.isEmpty ? 0 : weight))
        bytes.append(bigEndian: cents < 0 ? Self.negative : 0)
        bytes.append(bigEndian: Int16(2))
        for digit in digits { bytes.append(bigEndian: UInt16(digit)) }
    }

    package static func decode(_ bytes: UnsafeRawBufferPointer?, type: UInt32) -> Amount? {
        guard type == postgresType, let bytes, bytes.count >= 8, bytes.count.isMultiple(of: 2) else { return nil }
        func word(_ place: Int) -> UInt16 {
            UInt16(bigEndian: bytes.loadUnaligned(fromByteOffset: place * 2, as: UInt16.self))
        }
        let count = Int(word(0))
        let weight = Int(Int16(bitPattern: word(1)))
        guard count == bytes.count / 2 - 4, weight <= 3, [0, negative].contains(word(2)) else { return nil }
        // In ten-thousandths, of which an amount has a multiple of 100.
        var sum: Int64 = 0
        for place in 0..<count {
            let power = weight - place
            let digit = Int64(word(4 + place))
            guard power >= -1 else {
                guard digit == 0 else { return nil }
                continue
            }
            var value = digit
            for _ in 0..<power + 1 {
                let (product, isTooLarge) = value.multipliedReportingOverflow(by: Int64(base))
                guard !isTooLarge else { return nil }
                value = product
            }
            let (total, isTooLarge) = sum.addingReportingOverflow(value)
            guard !isTooLarge else { return nil }
            sum = total
        }
        guard sum % 100 == 0 else { return nil }
        return Amount(cents: (word(2) == negative ? -1 : 1) * (sum / 100))
    }
}
