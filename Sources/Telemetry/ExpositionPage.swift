/// Writes families in the Prometheus text format, version 0.0.4.
struct ExpositionPage {
    private(set) var text = ""

    mutating func add(_ family: FamilySnapshot) {
        text += "# HELP \(family.name) \(Self.escaped(family.help, quote: false))\n"
        text += "# TYPE \(family.name) \(family.kind.rawValue)\n"
        for sample in family.samples {
            text += family.name
            text += sample.suffix
            add(sample.labels)
            text += " \(sample.value.text)\n"
        }
    }

    private mutating func add(_ labels: LabelSet) {
        guard !labels.pairs.isEmpty else { return }
        let pairs = labels.pairs.map { "\($0.name)=\"\(Self.escaped($0.value, quote: true))\"" }
        text += "{\(pairs.joined(separator: ","))}"
    }

    /// Escapes the backslash and the line feed, and in a label's value the double quote.
    ///
    /// It works on scalars, because a carriage return and a line feed form one character in Swift.
    private static func escaped(_ text: String, quote: Bool) -> String {
        var escaped = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": escaped.append(contentsOf: #"\\"#.unicodeScalars)
            case "\n": escaped.append(contentsOf: #"\n"#.unicodeScalars)
            case "\"" where quote: escaped.append(contentsOf: #"\""#.unicodeScalars)
            default: escaped.append(scalar)
            }
        }
        return String(escaped)
    }
}

extension SampleValue {
    /// The number in a form that Go's `ParseFloat` reads, whole numbers without a point.
    var text: String {
        switch self {
        case .integer(let value): "\(value)"
        case .double(let value) where value.isNaN: "NaN"
        case .double(.infinity): "+Inf"
        case .double(-.infinity): "-Inf"
        case .double(let value): Int64(exactly: value).map { "\($0)" } ?? "\(value)"
        }
    }
}
