/// Reads numbers as people and programs write them in a file.
///
/// Plain numbers take the fast way; others are rewritten first: decimal commas, separators of thousands, minus signs of
/// Unicode.
struct NumberReader: Sendable {
    /// The separator of thousands, as a mapping states it.
    enum Thousands: String, Sendable, CaseIterable {
        case comma
        case point
        case space
        case apostrophe

        fileprivate var separator: UInt8 {
            switch self {
            case .comma: UInt8(ascii: ",")
            case .point: UInt8(ascii: ".")
            case .space: UInt8(ascii: " ")
            case .apostrophe: UInt8(ascii: "'")
            }
        }
    }

    /// How fractions are written; nil for both ways.
    let decimal: Dialect.Decimal?
    /// The separator of thousands; nil where it has to be evident from the number.
    let thousands: Thousands?

    /// The number, or nil when the text is none.
    ///
    /// - Parameter grouped: Whether thousands may be separated. Degrees never are, so that `-79,383` in quotes is not
    ///   taken for minus 79 thousand.
    func read(_ text: Span<UInt8>, grouped: Bool = false) -> Double? {
        if decimal != .comma, thousands == nil || !grouped, let value = DecimalNumber.read(text) { return value }
        return plain(text, grouped: grouped).flatMap { DecimalNumber.read($0.span) }
    }

    /// The whole number, which may be written with a fraction of zeros (`13.0`), an exponent or separated thousands;
    /// nil for anything else.
    func whole(_ text: Span<UInt8>) -> Int? {
        var index = 0
        if let value = TimeScanner.digits(text, &index, 1...9), index == text.count { return value }
        guard let value = read(text, grouped: true), value.magnitude < 1e15, value == value.rounded() else {
            return nil
        }
        return Int(value)
    }

    /// The number as digits with an optional sign, point and exponent; nil when the text is no number.
    func plain(_ text: Span<UInt8>, grouped: Bool = false) -> [UInt8]? {
        var digits: [UInt8] = []
        var exponent: [UInt8] = []
        var separators: [(kind: UInt8, place: Int)] = []
        var isNegative = false
        var index = 0
        while index < text.count {
            let start = index
            switch Glyph.next(text, &index) {
            case .minus where start == 0: isNegative = true
            case .ascii(UInt8(ascii: "-")) where start == 0: isNegative = true
            case .ascii(UInt8(ascii: "+")) where start == 0: break
            case .ascii(let byte) where Glyph.isDigit(byte): digits.append(byte)
            case .ascii(let byte) where byte == UInt8(ascii: ",") || byte == UInt8(ascii: "."):
                separators.append((byte, digits.count))
            case .prime, .ascii(UInt8(ascii: "'")): separators.append((UInt8(ascii: "'"), digits.count))
            case .blank, .ascii(UInt8(ascii: " ")):
                // Between a sign and the number a blank means nothing.
                if !digits.isEmpty { separators.append((UInt8(ascii: " "), digits.count)) }
            case .ascii(let byte) where byte | 0x20 == UInt8(ascii: "e") && !digits.isEmpty:
                for place in start..<text.count { exponent.append(text[place]) }
                index = text.count
            default: return nil
            }
        }
        guard !digits.isEmpty, let mark = decimalMark(separators, digits.count, grouped: grouped) else { return nil }
        var plain: [UInt8] = isNegative ? [UInt8(ascii: "-")] : []
        plain += digits[..<mark]
        if mark < digits.count { plain += [UInt8(ascii: ".")] + digits[mark...] }
        return plain + exponent
    }

    /// A number that is written with a decimal comma, an exponent or a minus sign of Unicode, as digits; nil when it is
    /// no number or written in digits already.
    func digits(_ text: Span<UInt8>) -> [UInt8]? {
        guard var plain = plain(text) else { return nil }
        if plain.contains(where: { $0 | 0x20 == UInt8(ascii: "e") }) {
            guard let value = DecimalNumber.read(plain.span), value.magnitude < 1e18, value == value.rounded() else {
                return nil
            }
            plain = Array(String(Int64(value)).utf8)
        }
        return plain.count == text.count && plain.indices.allSatisfy({ plain[$0] == text[$0] }) ? nil : plain
    }

    /// How many digits stand before the decimal sign; nil when the separators make no number.
    ///
    /// The last of different separators is the decimal sign; one that occurs twice separates thousands. A single
    /// one is the decimal sign, unless the mapping or the delimiter says that this is the other one.
    private func decimalMark(_ separators: [(kind: UInt8, place: Int)], _ count: Int, grouped: Bool) -> Int? {
        guard let last = separators.last else { return count }
        let (comma, point) = (UInt8(ascii: ","), UInt8(ascii: "."))
        var isDecimal = false
        if last.kind == comma || last.kind == point, separators.count(where: { $0.kind == last.kind }) == 1 {
            let isOther = last.kind == comma ? decimal == .point : decimal == .comma
            if separators.count > 1 {
                guard !isOther else { return nil }
                isDecimal = true
            } else {
                isDecimal = !isOther && !(grouped && thousands?.separator == last.kind)
            }
        }
        let groups = isDecimal ? separators.dropLast() : separators[...]
        let mark = isDecimal ? last.place : count
        guard let separator = groups.first?.kind else { return mark }
        guard grouped, groups.allSatisfy({ $0.kind == separator }) else { return nil }
        if let thousands {
            guard thousands.separator == separator else { return nil }
        } else {
            guard separator != (decimal == .comma ? comma : decimal == .point ? point : 0) else { return nil }
        }
        // India groups by two above the thousands; that is understood where the separator is stated.
        let lengths = thousands == nil ? 3...3 : 2...3
        var start = 0
        for (number, place) in (groups.map(\.place) + [mark]).enumerated() {
            let isLast = number == groups.count
            let isRight = number == 0 ? (1...3).contains(place) : (isLast ? 3...3 : lengths).contains(place - start)
            guard isRight else { return nil }
            start = place
        }
        return mark
    }
}
