/// A named property of every feature of a list.
package struct FeatureProperty: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        case text
        case integer
        case number
        case truth
        /// A day, `YYYY-MM-DD`.
        case day
        /// An instant in ISO 8601, UTC.
        case instant
        /// A JSON object.
        case object
    }

    /// The texts that a property of the kind `text` may have.
    package enum Texts: Hashable, Sendable {
        case any
        /// One of these.
        case among([String])
        /// The index of an H3 cell.
        case cells
    }

    package let name: String
    package let kind: Kind
    package let texts: Texts
    /// Whether the property repeats what the geometry says, where there is one.
    package let isPlace: Bool

    package init(_ name: String, _ kind: Kind, texts: Texts = .any, isPlace: Bool = false) {
        self.name = name
        self.kind = kind
        self.texts = texts
        self.isPlace = isPlace
    }
}

/// The value of a property.
package enum PropertyValue: Hashable, Sendable {
    case text(String)
    case integer(Int)
    case number(Double)
    case truth(Bool)
    /// JSON text.
    case json(String)
    case null
}

extension PropertyValue {
    package init(_ text: String?) { self = text.map(Self.text) ?? .null }
}
