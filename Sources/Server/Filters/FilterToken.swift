/// A token of a filter in CQL2 text.
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
    /// The place where it begins, counted in characters from 1.
    let position: Int
}

/// The fault of a filter, and its place.
struct FilterFault: Error, Hashable {
    let position: Int
    let message: String

    var description: String { "\(message) (at character \(position))" }
}
