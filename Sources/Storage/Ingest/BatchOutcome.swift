package import Domain
import Foundation
import Postgres

/// A batch that was stored, with its counts.
package struct BatchOutcome: Hashable, Sendable {
    package let batch: Int64
    package internal(set) var counts = IngestCounts()
    /// Guesses and doubts about the file, and what was left out of it, in sentences.
    package internal(set) var warnings: [String] = []
    /// Events of a feed part that are gone from the source and were deleted.
    package internal(set) var removed = 0
    /// Findings: each tells something about the batch that is not as expected.
    package internal(set) var findings: [QualityFinding] = []
    /// The number of records that rules of the mapping mended.
    package internal(set) var remedies = RemedyCounts()
}

/// The warnings of a batch, read as a JSON array of texts.
enum BatchWarnings {
    static func read(_ json: String) throws(PostgresError) -> [String] {
        do {
            return try JSONDecoder().decode([String].self, from: Data(json.utf8))
        } catch {
            throw PostgresError(.decoding, "the warnings are not an array of texts")
        }
    }
}

/// Counts by reason in the form of `ingest_batches.rejected_by_reason`: a JSON object of numbers.
enum BatchReasons {
    static func read(_ json: String) throws(PostgresError) -> RejectCounts {
        do {
            return RejectCounts(try JSONDecoder().decode([String: Int].self, from: Data(json.utf8)))
        } catch {
            throw PostgresError(.decoding, "rejected_by_reason is not an object of numbers")
        }
    }

    static func text(_ counts: RejectCounts) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return String(decoding: try encoder.encode(counts.byReason), as: UTF8.self)
    }
}
