package import Domain
package import Storage
import TestDatabase

extension IngestStore {
    package static func ofTheSuite() throws -> IngestStore {
        IngestStore(TestDatabase.options, sql: try Checkout.sql())
    }

    package static func ofTheSuite(connections: Int) throws -> IngestStore {
        IngestStore(TestDatabase.options, sql: try Checkout.sql(), connections: connections)
    }

    /// Ingests chunks as the upload whose content hash is `content` repeated.
    @discardableResult
    package func ingest(_ chunks: [EventChunk], into dataset: Slug, content: Character) async throws -> BatchOutcome {
        try await ingest(.sample(dataset, content: content)) { writer in
            for chunk in chunks { try await writer.write(chunk) }
        }
    }
}

extension IngestStore.Upload {
    package static func sample(_ dataset: Slug, content: Character, identity: RowIdentity = .file) -> Self {
        Self(
            dataset: dataset, source: "a file", sha256: String(repeating: content, count: 64), mapping: "canonical",
            identity: identity)
    }
}
