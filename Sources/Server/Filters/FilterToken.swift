/// A word of a filter in CQL2 text.
struct FilterToken: Hashable, Sendable {
    enum Kind: Hashable, Sendable {
        /// A name or a keyword, as it was written.
        case word(String)
        /// A name in double quotes, which is never a keyword.
        case name(String)
        case text(String)
        case number(Double)
        /// `=`, `<>`, `<`, `>`, `<=`, `>=`, `(`, `)` or `,`.
        case sign(String)
        case end
    }

    let kind: Kind
    /// Where it begins, counted in characters from 1.
    let position: Int
}

/// What is wrong with a filter, and where.
struct FilterFault: Error, Hashable {
    let position: Int
    let message: String

    var description: String { "\(message) (at character \(position))" }
}
