import Foundation
import Postgres

/// Counts by reason in the form of `ingest_batches.rejected_by_reason`: a JSON object of numbers.
enum BatchReasons {
    static func read(_ json: String) throws(PostgresError) -> [String: Int] {
        do {
            return try JSONDecoder().decode([String: Int].self, from: Data(json.utf8))
        } catch {
            throw PostgresError(.decoding, "rejected_by_reason is not an object of numbers")
        }
    }

    static func text(_ counts: [String: Int64]) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return String(decoding: try encoder.encode(counts), as: UTF8.self)
    }
}
