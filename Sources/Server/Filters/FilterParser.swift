import Domain
import Formats

/// Parses a filter in CQL2 text (OGC 21-065r2): Basic CQL2, LIKE, BETWEEN, IN, and S_INTERSECTS with the geometry.
///
/// Every step consumes a token, and the depth of parentheses, the number of comparisons and the length of the text are
/// bounded. So the work is proportional to the length of the text.
struct FilterParser {
    static let longestText = 4096
    private static let deepest = 32
    private static let mostTerms = 256

    private var lexer: FilterLexer
    var token: FilterToken
    private var depth = 0
    private var terms = 0
    let language: FilterLanguage
    private let queryables: [String: FeatureProperty.Kind]
    /// Further names that the features have. GDAL asks whether they are null.
    let others: Set<String>

    /// - Parameters:
    ///   - queryables: The properties that a filter may name, with their types; `geometry` is always allowed.
    ///   - others: Further names that the features have, none of which is ever null.
    static func parse(
        _ text: String, _ queryables: [String: FeatureProperty.Kind], others: Set<String> = [],
        language: FilterLanguage = .cql2Text
    ) throws(FilterFault) -> FeatureFilter {
        guard text.utf8.count <= longestText else {
            throw FilterFault(position: 1, message: "it is longer than \(longestText) bytes")
        }
        var parser = try FilterParser(text, queryables, others, language)
        let filter = try parser.expression()
        guard parser.token.kind == .end else { throw parser.unexpected("the end, AND or OR") }
        return filter
    }

    private init(
        _ text: String, _ queryables: [String: FeatureProperty.Kind], _ others: Set<String>, _ language: FilterLanguage
    ) throws(FilterFault) {
        self.queryables = queryables
        self.others = others
        self.language = language
        lexer = FilterLexer(text)
        token = try lexer.next()
    }

    private mutating func expression() throws(FilterFault) -> FeatureFilter {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.deepest else {
            throw FilterFault(position: token.position, message: "it is nested more than \(Self.deepest) levels deep")
        }
        var parts = [try conjunction()]
        while try take(word: "OR") { parts.append(try conjunction()) }
        return parts.count == 1 ? parts[0] : .or(parts)
    }

    private mutating func conjunction() throws(FilterFault) -> FeatureFilter {
        var parts = [try negation()]
        while try take(word: "AND") { parts.append(try negation()) }
        return parts.count == 1 ? parts[0] : .and(parts)
    }

    private mutating func negation() throws(FilterFault) -> FeatureFilter {
        var isNegated = false
        while try take(word: "NOT") { isNegated.toggle() }
        let filter = try condition()
        return isNegated ? .not(filter) : filter
    }

    private mutating func condition() throws(FilterFault) -> FeatureFilter {
        try countTerm()
        if try take(sign: "(") {
            let filter = try expression()
            try expect(sign: ")")
            return filter
        }
        if try take(word: "S_INTERSECTS") { return .intersects(try intersection()) }
        return try predicate()
    }

    mutating func countTerm() throws(FilterFault) {
        terms += 1
        guard terms <= Self.mostTerms else {
            throw FilterFault(position: token.position, message: "it has more than \(Self.mostTerms) terms")
        }
    }

    // MARK: Words

    mutating func advance() throws(FilterFault) { token = try lexer.next() }

    mutating func take(word: String) throws(FilterFault) -> Bool {
        guard case .word(let text) = token.kind, text.uppercased() == word else { return false }
        try advance()
        return true
    }

    mutating func take(sign: String) throws(FilterFault) -> Bool {
        guard token.kind == .sign(sign) else { return false }
        try advance()
        return true
    }

    mutating func expect(sign: String) throws(FilterFault) {
        guard try take(sign: sign) else { throw unexpected(sign) }
    }

    func unexpected(_ expected: String) -> FilterFault {
        FilterFault(position: token.position, message: "\(expected) is expected here")
    }

    /// The type of a property that a filter may name.
    func kind(of property: String, at position: Int) throws(FilterFault) -> FeatureProperty.Kind {
        guard let kind = queryables[property] else {
            let known = queryables.keys.sorted().joined(separator: ", ")
            throw FilterFault(
                position: position, message: "there is no property \(property.prefix(64)); the properties are \(known)")
        }
        return kind
    }
}
