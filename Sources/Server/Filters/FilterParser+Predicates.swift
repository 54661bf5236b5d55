import Domain
import Formats

extension FilterParser {
    /// A side of a comparison.
    private enum Operand {
        case property(String, FeatureProperty.Kind)
        case value(FeatureFilter.Value, position: Int)
    }

    mutating func predicate() throws(FilterFault) -> FeatureFilter {
        let start = token.position
        if try takeOther() {
            let isNegated = try nullness()
            return .constant(isNegated)
        }
        let left = try operand()
        if let comparison = comparison() {
            try advance()
            return try compared(left, comparison, try operand(), at: start)
        }
        guard case .property(let name, let kind) = left else {
            if case .value(.truth(let truth), _) = left { return .constant(truth) }
            throw unexpected("a comparison")
        }
        if case .word(let word) = token.kind, word.uppercased() == "IS" {
            return try nullness() ? .not(.isNull(name)) : .isNull(name)
        }
        let isNegated = try take(word: "NOT")
        let filter: FeatureFilter
        if try take(word: "LIKE") {
            filter = .like(name, pattern: try pattern(for: kind))
        } else if language == .cqlText, try take(word: "ILIKE") {
            filter = .alike(name, pattern: try pattern(for: kind))
        } else if try take(word: "BETWEEN") {
            let low = try value(for: kind)
            guard try take(word: "AND") else { throw unexpected("AND") }
            filter = .between(name, low, try value(for: kind))
        } else if try take(word: "IN") {
            filter = .among(name, try values(for: kind))
        } else if !isNegated, kind == .truth {
            filter = .compare(name, .equal, .truth(true))
        } else {
            throw unexpected("a comparison, LIKE, BETWEEN, IN or IS NULL")
        }
        return isNegated ? .not(filter) : filter
    }

    /// Passes over a name that is no queryable and that only `IS NULL` may follow.
    private mutating func takeOther() throws(FilterFault) -> Bool {
        switch token.kind {
        case .word(let name), .name(let name):
            guard others.contains(name) else { return false }
            try advance()
            return true
        default: return false
        }
    }

    /// Parses `IS NULL` or `IS NOT NULL`.
    /// - Returns: Whether it is negated.
    private mutating func nullness() throws(FilterFault) -> Bool {
        guard try take(word: "IS") else { throw unexpected("IS NULL") }
        let isNegated = try take(word: "NOT")
        guard try take(word: "NULL") else { throw unexpected("NULL") }
        return isNegated
    }

    private func comparison() -> FeatureFilter.Comparison? {
        guard case .sign(let sign) = token.kind else { return nil }
        return FeatureFilter.Comparison(rawValue: sign)
    }

    private func compared(
        _ left: Operand, _ comparison: FeatureFilter.Comparison, _ right: Operand, at start: Int
    ) throws(FilterFault) -> FeatureFilter {
        switch (left, right) {
        case (.property(let name, let kind), .value(let value, let position)):
            return .compare(name, comparison, try fitted(value, to: kind, at: position))
        case (.value(let value, let position), .property(let name, let kind)):
            return .compare(name, comparison.turned, try fitted(value, to: kind, at: position))
        default: throw FilterFault(position: start, message: "a property can only be compared with a value")
        }
    }

    private mutating func values(for kind: FeatureProperty.Kind) throws(FilterFault) -> [FeatureFilter.Value] {
        try expect(sign: "(")
        var values: [FeatureFilter.Value] = []
        repeat {
            try countTerm()
            values.append(try value(for: kind))
        } while try take(sign: ",")
        try expect(sign: ")")
        return values
    }

    private mutating func value(for kind: FeatureProperty.Kind) throws(FilterFault) -> FeatureFilter.Value {
        guard case .value(let value, let position) = try operand() else { throw unexpected("a value") }
        return try fitted(value, to: kind, at: position)
    }

    private mutating func pattern(for kind: FeatureProperty.Kind) throws(FilterFault) -> String {
        guard kind == .text else {
            throw FilterFault(position: token.position, message: "LIKE needs a property that is a string")
        }
        guard case .text(let pattern) = token.kind else { throw unexpected("a pattern in single quotes") }
        // Every % multiplies the work of a match that fails.
        let wildcards = pattern.unicodeScalars.filter { $0 == "%" }.count
        guard wildcards <= 8 else {
            throw FilterFault(position: token.position, message: "a pattern can have at most eight %")
        }
        if language == .cqlText {
            try advance()
            return pattern.replacing("\\", with: "\\\\")
        }
        let escapes = pattern.unicodeScalars.reversed().prefix { $0 == "\\" }.count
        guard escapes.isMultiple(of: 2) else {
            throw FilterFault(position: token.position, message: "a pattern must not end with a backslash")
        }
        try advance()
        return pattern
    }

    private mutating func operand() throws(FilterFault) -> Operand {
        let position = token.position
        switch token.kind {
        case .text(let text):
            try advance()
            return .value(.text(text), position: position)
        case .number(let number):
            try advance()
            return .value(.number(number), position: position)
        case .name(let name):
            try advance()
            return .property(name, try kind(of: name, at: position))
        case .word(let word):
            try advance()
            switch word.uppercased() {
            case "TRUE": return .value(.truth(true), position: position)
            case "FALSE": return .value(.truth(false), position: position)
            case "DATE": return .value(try moment("DATE") { LocalDay($0).map { .day($0) } }, position: position)
            case "TIMESTAMP":
                let value = try moment("TIMESTAMP") { text in
                    text.contains { $0 == "T" || $0 == "t" } ? Instant(text).map { .instant($0) } : nil
                }
                return .value(value, position: position)
            default: return .property(word, try kind(of: word, at: position))
            }
        default: throw unexpected("a property or a value")
        }
    }

    /// Parses the text after `DATE` and `TIMESTAMP`.
    private mutating func moment(
        _ word: String, _ read: (String) -> FeatureFilter.Value?
    ) throws(FilterFault) -> FeatureFilter.Value {
        try expect(sign: "(")
        guard case .text(let text) = token.kind, let value = read(text) else {
            let example = word == "DATE" ? "'2021-12-31'" : "'2021-12-31T18:00:00Z'"
            throw unexpected("\(word)(\(example)) or the like")
        }
        try advance()
        try expect(sign: ")")
        return value
    }

    /// Converts the value to the type of a property.
    private func fitted(
        _ value: FeatureFilter.Value, to kind: FeatureProperty.Kind, at position: Int
    ) throws(FilterFault) -> FeatureFilter.Value {
        if language == .cqlText, let value = Self.draft(value, for: kind) { return value }
        switch (kind, value) {
        case (.text, .text), (.integer, .number), (.number, .number), (.truth, .truth), (.day, .day),
            (.instant, .instant):
            return value
        case (.instant, .day(let day)): return .instant(Instant(midnight: day))
        default: throw FilterFault(position: position, message: "\(kind.expectation) is expected here")
        }
    }

    /// The value that is meant by one of another type in ``FilterLanguage/cqlText``; `nil` where nothing else is meant.
    private static func draft(_ value: FeatureFilter.Value, for kind: FeatureProperty.Kind) -> FeatureFilter.Value? {
        switch (kind, value) {
        case (.day, .text(let text)), (.instant, .text(let text)): PropertyText.value(text, of: kind)
        case (.truth, .number(0)): .truth(false)
        case (.truth, .number(1)): .truth(true)
        default: nil
        }
    }
}

extension FeatureFilter.Comparison {
    /// The comparison with its sides exchanged.
    fileprivate var turned: Self {
        switch self {
        case .equal, .unequal: self
        case .less: .greater
        case .greater: .less
        case .atMost: .atLeast
        case .atLeast: .atMost
        }
    }
}

extension FeatureProperty.Kind {
    fileprivate var expectation: String {
        switch self {
        case .text, .object: "a string in single quotes"
        case .integer, .number: "a number"
        case .truth: "TRUE or FALSE"
        case .day: "DATE('2021-12-31') or the like"
        case .instant: "TIMESTAMP('2021-12-31T18:00:00Z') or the like"
        }
    }
}
