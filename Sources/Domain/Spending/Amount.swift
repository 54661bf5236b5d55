/// An amount of money in hundredths, exact, of the size of PostgreSQL's `numeric(14,2)`. Negative: a reversal.
package struct Amount: Hashable, Comparable, Sendable {
    /// The amount in hundredths: -99,999,999,999,999 to 99,999,999,999,999.
    package let cents: Int64

    /// The largest amount, in hundredths.
    package static let most: Int64 = 99_999_999_999_999

    /// `nil` for an amount that is too large for the database.
    package init?(cents: Int64) {
        guard (-Self.most...Self.most).contains(cents) else { return nil }
        self.cents = cents
    }

    /// Parses digits with an optional sign and at most two decimals, such as `-1234.5`: the form in which answers have
    /// amounts. `nil` for anything else. Amounts in files are read by `AmountText`.
    package init?(_ text: some StringProtocol) {
        var digits = text.utf8[...]
        let isNegative = digits.first == UInt8(ascii: "-")
        if isNegative { digits.removeFirst() }
        let parts = digits.split(separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
        guard let whole = parts.first, (1...12).contains(whole.count) else { return nil }
        let fraction = parts.count == 2 ? Array(parts[1]) : []
        guard parts.count == 1 || (1...2).contains(fraction.count) else { return nil }
        var cents: Int64 = 0
        for byte in Array(whole) + fraction {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            cents = cents * 10 + Int64(byte - UInt8(ascii: "0"))
        }
        for _ in fraction.count..<2 { cents *= 10 }
        self.init(cents: isNegative ? -cents : cents)
    }

    package static func < (left: Self, right: Self) -> Bool { left.cents < right.cents }
}

extension Amount: CustomStringConvertible {
    /// The amount with two decimals, such as `-1234.50`.
    package var description: String {
        let (whole, rest) = cents.magnitude.quotientAndRemainder(dividingBy: 100)
        return "\(cents < 0 ? "-" : "")\(whole).\(rest < 10 ? "0" : "")\(rest)"
    }
}
