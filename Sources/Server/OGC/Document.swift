import JSON

/// The content of a resource, in reading order. Programs get it as JSON and people as HTML.
indirect enum Document: Hashable, Sendable {
    case text(String)
    case integer(Int)
    case number(Double)
    case truth(Bool)
    case null
    case list([Document])
    case object([Member])

    struct Member: Hashable, Sendable {
        let name: String
        let value: Document

        init(_ name: String, _ value: Document) {
            self.name = name
            self.value = value
        }
    }
}

extension Document: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral,
    ExpressibleByStringInterpolation
{
    init(stringLiteral value: String) { self = .text(value) }
    init(integerLiteral value: Int) { self = .integer(value) }
    init(floatLiteral value: Double) { self = .number(value) }
    init(booleanLiteral value: Bool) { self = .truth(value) }
    init(arrayLiteral elements: Document...) { self = .list(elements) }
    init(dictionaryLiteral elements: (String, Document)...) { self = .object(elements.map { Member($0.0, $0.1) }) }

    /// A text, or `null` for none.
    init(_ text: String?) { self = text.map(Document.text) ?? .null }
}

extension JSONWriter {
    mutating func value(_ document: Document) {
        switch document {
        case .text(let text): value(text)
        case .integer(let number): value(number)
        case .number(let number): value(number)
        case .truth(let truth): value(truth)
        case .null: null()
        case .list(let elements): array(of: elements) { $0.value($1) }
        case .object(let members):
            object { json in
                for member in members {
                    json.name(member.name)
                    json.value(member.value)
                }
            }
        }
    }
}
