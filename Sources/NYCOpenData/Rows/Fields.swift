import Foundation

/// The fields of a row by their names in the dataset, as texts without white space around them. Fields without a value
/// are left out, by the site and here; those of an object have its name and a dot before theirs.
typealias Fields = [String: String]

/// A row that is made of fields.
protocol NYCRow: Hashable, Sendable {
    /// - Returns: `nil` for fields that have no id.
    init?(_ fields: Fields)

    /// The day by which rows are ordered.
    var sortDay: CityDay? { get }
    var id: String { get }
}

extension Fields {
    /// A coordinate in degrees; `nil` where there is none, or none that can be.
    func degrees(_ name: String, _ limit: Double) -> Double? {
        self[name].flatMap { Double($0) }.flatMap { $0.isFinite && abs($0) <= limit && $0 != 0 ? $0 : nil }
    }
}

/// The rows of a page.
struct Page {
    /// `:id` of each row is among its fields.
    let rows: [Fields]

    /// - Throws: `DecodingError` for bytes that are no array of objects.
    init(_ bytes: some Sequence<UInt8>) throws {
        rows = try JSONDecoder().decode([[String: Value]].self, from: Data(bytes)).map { row in
            var fields: Fields = [:]
            for (name, value) in row { value.add(to: &fields, as: name) }
            return fields
        }
    }

    /// A value of any kind.
    private enum Value: Decodable {
        case text(String)
        case object([String: Value])
        case other

        /// Objects within objects deeper than this are left out.
        private static let mostDepth = 8

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let text = try? container.decode(String.self) {
                self = .text(text)
            } else if let truth = try? container.decode(Bool.self) {
                self = .text(truth ? "true" : "false")
            } else if let number = try? container.decode(Int64.self) {
                self = .text("\(number)")
            } else if let number = try? container.decode(Double.self) {
                self = .text("\(number)")
            } else if decoder.codingPath.count < Self.mostDepth,
                let object = try? container.decode([String: Value].self)
            {
                self = .object(object)
            } else {
                self = .other
            }
        }

        func add(to fields: inout Fields, as name: String) {
            switch self {
            case .text(let text):
                let text = text.trimmingCharacters(in: .whitespacesAndNewlines)
                if !text.isEmpty { fields[name] = text }
            case .object(let members):
                for (member, value) in members { value.add(to: &fields, as: "\(name).\(member)") }
            case .other: break
            }
        }
    }
}
