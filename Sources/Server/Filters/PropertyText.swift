import Domain
import Formats
import H3

/// The values of properties as texts in URLs.
enum PropertyText {
    /// The value that a text stands for; `nil` when the property cannot have it.
    static func value(_ text: String, of property: FeatureProperty) -> FeatureFilter.Value? {
        switch property.texts {
        case .among(let words) where !words.contains(text): nil
        // Only the canonical text of a cell is the one that features have.
        case .cells where (try? H3Cell(text))?.description != text: nil
        default: value(text, of: property.kind)
        }
    }

    /// The form that a text of a property must have, in words.
    static func expectation(of property: FeatureProperty) -> String {
        switch property.texts {
        case .any: expectation(of: property.kind)
        case .among(let words): "one of \(words.joined(separator: ", "))"
        case .cells: "an H3 cell in lower-case hexadecimal, such as 882b9bc46dfffff"
        }
    }

    /// The value that a text stands for; `nil` when it is none of the kind.
    static func value(_ text: String, of kind: FeatureProperty.Kind) -> FeatureFilter.Value? {
        switch kind {
        case .text: .text(text)
        case .integer: number(text).flatMap { $0 == $0.rounded() && !text.contains(".") ? .number($0) : nil }
        case .number: number(text).map { .number($0) }
        case .truth:
            switch text.lowercased() {
            case "true", "1": .truth(true)
            case "false", "0": .truth(false)
            default: nil
            }
        case .day:
            switch TimeBound(text) {
            case .day(let day): .day(day)
            // A day in GDAL may have a time, that of midnight.
            case .instant(let instant) where instant == Instant(midnight: instant.day): .day(instant.day)
            default: nil
            }
        case .instant: TimeBound(text).map { .instant($0.start) }
        case .object: nil
        }
    }

    /// The form that a text of a kind must have, in words.
    static func expectation(of kind: FeatureProperty.Kind) -> String {
        switch kind {
        case .text, .object: "a string"
        case .integer: "a whole number"
        case .number: "a number"
        case .truth: "true or false"
        case .day: "a date such as 2021-12-31"
        case .instant: "a time such as 2021-12-31T18:00:00Z, or a date"
        }
    }

    /// Parses a decimal number as JSON writes it, also with a plus in front.
    private static func number(_ text: String) -> Double? {
        guard text.wholeMatch(of: /[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?/) != nil, let number = Double(text),
            number.isFinite
        else { return nil }
        return number
    }
}
