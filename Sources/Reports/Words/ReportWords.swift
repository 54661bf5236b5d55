import Domain

/// Texts, numbers and dates in one language.
struct ReportWords: Sendable {
    private let texts: [ReportText: String]
    private let language: ReportLanguage

    init(_ language: ReportLanguage) {
        self.language = language
        texts = Self.table(language)
    }

    static func table(_ language: ReportLanguage) -> [ReportText: String] {
        switch language {
        case .english: english
        case .french: french
        }
    }

    /// The text with values in the place of the names in braces.
    subscript(_ text: ReportText, _ values: [String: String] = [:]) -> String {
        var filled = ""
        var rest = (texts[text] ?? text.rawValue)[...]
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            filled += rest[..<open]
            filled += values[String(rest[rest.index(after: open)..<close])] ?? ""
            rest = rest[rest.index(after: close)...]
        }
        return filled + rest
    }

    /// A text that comes from data, set apart so that its direction does not change what is around it (Unicode UAX 9).
    static func isolated(_ text: String) -> String { "\u{2068}\(text)\u{2069}" }

    /// A whole number with its digits in groups of three.
    func whole(_ number: Int) -> String {
        let digits = Array(String(number.magnitude))
        var text = number < 0 ? "\u{2212}" : ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index).isMultiple(of: 3) { text += language == .english ? "," : "\u{202F}" }
            text.append(digit)
        }
        return text
    }

    /// A number with so many digits after the point.
    func decimal(_ number: Double, digits: Int = 1) -> String {
        guard number.isFinite, abs(number) < 1e15 else { return "\u{2013}" }
        let scale = (0..<digits).reduce(1.0) { product, _ in product * 10 }
        let scaled = Int((abs(number) * scale).rounded())
        let (before, after) = scaled.quotientAndRemainder(dividingBy: Int(scale))
        let sign = number < 0 && scaled > 0 ? "\u{2212}" : ""
        guard digits > 0 else { return sign + whole(before) }
        let fraction = String(after)
        let zeros = String(repeating: "0", count: digits - fraction.count)
        return "\(sign)\(whole(before))\(language == .english ? "." : ",")\(zeros)\(fraction)"
    }

    /// An expected number of events: two digits that count.
    func expected(_ number: Double) -> String {
        decimal(number, digits: number >= 9.95 ? 0 : number >= 0.995 ? 1 : 2)
    }

    /// A number of events in words, such as `340 events`.
    func events(_ count: Int) -> String { self[isOne(Double(count)) ? .event : .events, ["number": whole(count)]] }

    /// An expected number of events in words.
    func events(expected number: Double) -> String {
        self[isOne(number) ? .event : .events, ["number": expected(number)]]
    }

    /// Whether a number goes with the singular.
    private func isOne(_ number: Double) -> Bool { language == .english ? number == 1 : number < 2 }

    /// A share from 0 to 1 or more as whole percents.
    func percent(_ share: Double) -> String {
        decimal(share * 100, digits: 0) + (language == .english ? "%" : "\u{202F}%")
    }

    /// A chance, which is never rounded to certainty.
    func chance(_ share: Double) -> String {
        share > 0.99 ? ">" + percent(0.99) : share < 0.01 ? "<" + percent(0.01) : percent(share)
    }

    /// A change with its sign.
    func change(_ share: Double) -> String {
        (share > 0 ? "+" : "") + percent(share)
    }

    /// A day, such as `31 December 2021`.
    func day(_ day: LocalDay) -> String {
        let (year, month, number) = day.civil
        let first = language == .french && number == 1 ? "1er" : String(number)
        return "\(first) \(months[month - 1]) \(year)"
    }

    /// A month or the week that begins on a day, for the axis of a chart.
    func short(_ day: LocalDay) -> String {
        let (year, month, _) = day.civil
        return "\(shortMonths[month - 1]) \(year)"
    }

    private var months: [String] {
        switch language {
        case .english:
            [
                "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
                "November", "December",
            ]
        case .french:
            [
                "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre",
                "novembre", "décembre",
            ]
        }
    }

    private var shortMonths: [String] {
        switch language {
        case .english: months.map { String($0.prefix(3)) }
        case .french:
            [
                "janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc.",
            ]
        }
    }
}
