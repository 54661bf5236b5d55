package import Domain
import Foundation
import Postgres

/// The counts of one batch: received = accepted + duplicate + rejected.
package struct BatchOutcome: Hashable, Sendable {
    package let batch: Int64
    package internal(set) var received: Int64 = 0
    package internal(set) var accepted: Int64 = 0
    /// Records stored before, known by the file's content or the source's id, or superseded by a later record of the
    /// file.
    package internal(set) var duplicate: Int64 = 0
    package internal(set) var rejected: Int64 = 0
    /// Records that the mapping left out. They do not count as received.
    package internal(set) var filtered: Int64 = 0
    /// The rejected records by reason.
    package internal(set) var rejects = RejectCounts()
    /// Rejected records without a dead letter, because too many were kept already.
    package internal(set) var lettersOmitted: Int64 = 0
}

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
