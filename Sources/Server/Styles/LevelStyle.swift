import Domain

/// How a level is drawn, and the scores that it stands for.
struct LevelStyle {
    let level: RiskLevel
    /// The colour, as the map page has it in its light theme: red, green and blue.
    let colour: (red: Int, green: Int, blue: Int)
    /// The score above which the level begins; `nil` for the lowest one.
    let above: Double?
    /// The highest score of the level; `nil` for the highest one.
    let upTo: Double?

    /// The levels of a dataset, the lowest first.
    static func all(_ thresholds: RiskThresholds) -> [LevelStyle] {
        let begins = [nil, thresholds.medium, thresholds.high, thresholds.critical]
        return zip(RiskLevel.allCases, colours).enumerated().map { index, style in
            LevelStyle(
                level: style.0, colour: style.1, above: begins[index],
                upTo: index + 1 < begins.count ? begins[index + 1] : nil)
        }
    }

    /// The colour of the lines between cells, and that of the outline of an anomaly.
    static let paper = "#f7f8f6"
    static let ink = "#16222c"
    static let ground = "#e6eaea"

    private static let colours = [(0x5b, 0x9b, 0xc8), (0xed, 0xa8, 0x1c), (0xd9, 0x48, 0x1f), (0x7d, 0x0f, 0x4a)]

    /// The colour as CSS writes it.
    var hex: String {
        "#" + [colour.red, colour.green, colour.blue].map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// The level and its scores in words, for a legend.
    var label: String {
        let name = level.rawValue.prefix(1).uppercased() + level.rawValue.dropFirst()
        let ends = [above.map { "above \(Self.text($0))" }, upTo.map { "up to \(Self.text($0))" }].compactMap(\.self)
        return "\(name): score \(ends.joined(separator: ", "))"
    }

    /// A number without needless decimals.
    static func text(_ number: Double) -> String {
        number == number.rounded() ? String(Int(number)) : String(describing: number)
    }
}
