import Foundation
import Postgres

/// Small values as JSON, as columns of type jsonb have them.
enum JSONText {
    static func object(_ values: [String: some Encodable]) throws -> String { try text(values) }

    static func text(_ values: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(values), as: UTF8.self)
    }

    static func texts(_ json: String) throws(PostgresError) -> [String: String] {
        try read(json)
    }

    static func numbers(_ json: String) throws(PostgresError) -> [String: Int] {
        json == "{}" ? [:] : try read(json)
    }

    static func read<Value: Decodable>(_ json: String) throws(PostgresError) -> Value {
        do {
            return try JSONDecoder().decode(Value.self, from: Data(json.utf8))
        } catch {
            throw PostgresError(.decoding, "an object of JSON is not of the form that is written")
        }
    }
}
