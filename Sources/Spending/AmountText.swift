package import Domain

/// Reads amounts of money as files write them, exactly: no floating-point number is ever made of one.
///
/// A sign stands before or after the number (`-5.00`, `5.00-`), or parentheses say that it is negative; a currency sign
/// stands before or after it. Thousands are in groups of three, all of them or none. More than two decimals are only
/// accepted if the others are zeros.
package struct AmountText: Sendable {
    /// Why a text is no amount, in words that follow its quotation.
    package enum Fault: Error, Hashable, Sendable {
        case notANumber
        /// Thousands are not grouped by three.
        case grouping
        case tooManyDecimals
        case tooLarge

        package var problem: String {
            switch self {
            case .notANumber: "is not an amount of money"
            case .grouping: "has thousands that are not grouped by three"
            case .tooManyDecimals: "has more than two decimals"
            case .tooLarge: "is more than 999,999,999,999.99"
            }
        }
    }

    private let decimal: UInt8
    /// The separators of thousands that are understood.
    private let separators: [UInt8]

    /// - Parameter isDecimalComma: Whether a comma is the decimal sign, and points or spaces separate thousands.
    package init(isDecimalComma: Bool = false) {
        decimal = UInt8(ascii: isDecimalComma ? "," : ".")
        separators = [UInt8(ascii: isDecimalComma ? "." : ","), UInt8(ascii: " "), UInt8(ascii: "'")]
    }

    /// The amount of a text that is not blank.
    package func read(_ text: some Collection<UInt8>) throws(Fault) -> Amount {
        var rest = Array(text)[...]
        var isNegative = false
        var hasSign = false
        trim(&rest)
        if rest.first == UInt8(ascii: "("), rest.last == UInt8(ascii: ")") {
            rest = rest.dropFirst().dropLast()
            (isNegative, hasSign) = (true, true)
        }
        // A sign and a currency sign may come in either order, at either end, each once.
        var hasCurrency = false
        var isChanged = true
        while isChanged {
            isChanged = false
            trim(&rest)
            if !hasSign, let found = takeSign(&rest) {
                (isNegative, hasSign, isChanged) = (found, true, true)
            } else if !hasCurrency, takeCurrency(&rest) {
                (hasCurrency, isChanged) = (true, true)
            }
        }
        let cents = try digits(rest)
        guard let amount = Amount(cents: isNegative ? -cents : cents) else { throw .tooLarge }
        return amount
    }

    private func trim(_ rest: inout ArraySlice<UInt8>) {
        while let first = rest.first, first == 0x20 || first == 0x09 { rest.removeFirst() }
        while let last = rest.last, last == 0x20 || last == 0x09 { rest.removeLast() }
    }

    /// Takes a sign away; whether it says that the amount is negative, `nil` where there is none.
    private func takeSign(_ rest: inout ArraySlice<UInt8>) -> Bool? {
        for (mark, isNegative) in Self.signs {
            if rest.starts(with: mark) {
                rest = rest.dropFirst(mark.count)
                return isNegative
            }
            if rest.suffix(mark.count).elementsEqual(mark) {
                rest = rest.dropLast(mark.count)
                return isNegative
            }
        }
        return nil
    }

    private func takeCurrency(_ rest: inout ArraySlice<UInt8>) -> Bool {
        for mark in Self.currencies {
            if rest.starts(with: mark) {
                rest = rest.dropFirst(mark.count)
                return true
            }
            if rest.suffix(mark.count).elementsEqual(mark) {
                rest = rest.dropLast(mark.count)
                return true
            }
        }
        return false
    }

    private static let signs: [(mark: [UInt8], isNegative: Bool)] = [
        (Array("-".utf8), true), (Array("\u{2212}".utf8), true), (Array("\u{2013}".utf8), true),
        (Array("+".utf8), false),
    ]
    private static let currencies = ["$", "\u{A3}", "\u{20AC}", "\u{A5}", "USD", "GBP", "EUR"].map { Array($0.utf8) }

    /// The hundredths of digits with thousands and decimals.
    private func digits(_ text: ArraySlice<UInt8>) throws(Fault) -> Int64 {
        var cents: Int64 = 0
        var whole = 0
        var decimals = 0
        var hasDecimal = false
        var separator: UInt8?
        // Digits since the last separator, or since the beginning.
        var group = 0
        for byte in text {
            if (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) {
                if hasDecimal {
                    decimals += 1
                    guard decimals <= 2 else {
                        guard byte == UInt8(ascii: "0") else { throw .tooManyDecimals }
                        continue
                    }
                } else {
                    whole += 1
                    group += 1
                }
                // A whole number beyond 15 digits is too large even where it begins with zeros.
                guard cents < 10_000_000_000_000_000 else { throw .tooLarge }
                cents = cents * 10 + Int64(byte - UInt8(ascii: "0"))
            } else if byte == decimal, !hasDecimal {
                if separator != nil, group != 3 { throw .grouping }
                hasDecimal = true
            } else if separators.contains(byte), !hasDecimal {
                guard whole > 0, separator == nil ? group <= 3 : separator == byte && group == 3 else {
                    throw .grouping
                }
                separator = byte
                group = 0
            } else {
                throw .notANumber
            }
        }
        guard whole + decimals > 0 else { throw .notANumber }
        if separator != nil, !hasDecimal, group != 3 { throw .grouping }
        for _ in min(decimals, 2)..<2 { cents *= 10 }
        return cents
    }
}
