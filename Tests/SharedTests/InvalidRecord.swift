/// A line of the shared vectors' `invalid.jsonl.gz`: a call of the C interface and the error it gives.
struct InvalidRecord: Decodable {
    /// An argument: a number, or text, which also writes the numbers that JSON cannot.
    enum Argument: Decodable {
        case integer(Int)
        case number(Double)
        case text(String)
        case list([Argument])

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let integer = try? container.decode(Int.self) {
                self = .integer(integer)
            } else if let number = try? container.decode(Double.self) {
                self = .number(number)
            } else if let text = try? container.decode(String.self) {
                self = .text(text)
            } else {
                self = .list(try container.decode([Argument].self))
            }
        }

        var integer: Int? { if case .integer(let integer) = self { integer } else { nil } }

        var text: String? { if case .text(let text) = self { text } else { nil } }

        var number: Double? {
            switch self {
            case .integer(let integer): Double(integer)
            case .number(let number): number
            case .text(let text): Double(text)
            case .list: nil
            }
        }
    }

    let f: String
    let h: String?
    let args: [Argument]?
    let err: String

    private enum CodingKeys: String, CodingKey {
        case f
        case h
        case args
        case err
    }

    static func all() throws -> [InvalidRecord] {
        try SharedFolder.records("h3/vectors/oracle/invalid.jsonl.gz", as: InvalidRecord.self)
    }
}
