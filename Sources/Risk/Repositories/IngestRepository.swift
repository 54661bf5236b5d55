/// What was ingested, and what of it could not be read.
package protocol IngestRepository: Sendable {
    func batch(_ id: Int64) async throws -> IngestBatch?

    /// At most `limit` batches, the newest first, of ids below `after`.
    func batches(dataset: String?, after: Int64?, limit: Int) async throws -> [IngestBatch]

    /// At most `query.limit` dead letters in ascending order of their ids, after `query.after`; fewer where their texts are
    /// long, so that a page is never more than some MiB.
    func deadLetters(_ query: DeadLetterQuery) async throws -> DeadLetterPage
}

/// Takes files of events, and reads what could not be read again.
package protocol IngestService: Sendable {
    /// Ingests a file as one batch.
    ///
    /// - Returns: the batch, and whether an earlier upload with the same key had made it.
    /// - Throws: ``IngestRefusal``.
    func ingest(_ upload: FileUpload) async throws -> (batch: IngestBatch, isRepeated: Bool)

    /// Reads the open dead letters of a batch again by a mapping; those that can be read now become events of the batch.
    ///
    /// - Parameters:
    ///   - reason: only those of this reason code.
    ///   - requester: whose right to the dataset has to last until the events are stored; `nil` is nobody's.
    /// - Throws: ``IngestRefusal``.
    func remediate(
        batch: Int64, mapping: String, reason: String?, by requester: Requester?
    ) async throws -> Remediation
}

package struct DeadLetterQuery: Hashable, Sendable {
    package var dataset: String?
    package var batch: Int64?
    package var reason: String?
    /// Whether those that became events since are listed too.
    package var includesRemediated: Bool
    /// Keyset: only letters with a greater id.
    package var after: Int64
    package var limit: Int

    package init(
        dataset: String? = nil, batch: Int64? = nil, reason: String? = nil, includesRemediated: Bool = false,
        after: Int64 = 0, limit: Int
    ) {
        self.dataset = dataset
        self.batch = batch
        self.reason = reason
        self.includesRemediated = includesRemediated
        self.after = after
        self.limit = limit
    }
}

package struct DeadLetterPage: Sendable {
    package var letters: [StoredDeadLetter]
    /// Whether others come after these.
    package var hasMore: Bool

    package init(letters: [StoredDeadLetter], hasMore: Bool) {
        self.letters = letters
        self.hasMore = hasMore
    }
}

/// A file that someone sent.
package struct FileUpload: Hashable, Sendable {
    /// Slug of a dataset.
    package var dataset: String
    /// Name of a built-in mapping.
    package var mapping: String
    /// Where its content lies while it is read.
    package var path: String
    /// The most that it may unpack to, in bytes; nil where the file is the operator's own.
    package var mostUnpacked: Int?
    /// Where it came from, for people.
    package var source: String
    /// Whose right to the dataset has to last until the batch is stored; `nil` is nobody's.
    package var requester: Requester?
    /// The sender's name for the upload; another sender's key is another one.
    package var key: String?

    package init(
        dataset: String, mapping: String, path: String, mostUnpacked: Int? = nil, source: String,
        requester: Requester? = nil, key: String? = nil
    ) {
        self.dataset = dataset
        self.mapping = mapping
        self.path = path
        self.mostUnpacked = mostUnpacked
        self.source = source
        self.requester = requester
        self.key = key
    }
}

/// Why nothing was ingested, in words for the sender.
package struct IngestRefusal: Error, Hashable, CustomStringConvertible {
    package enum Code: Hashable, Sendable {
        case noSuchDataset
        case noSuchBatch
        case noSuchMapping
        /// The file or the mapping cannot be used.
        case file
        /// The key stands for another content.
        case key
        /// Another ingest into the dataset is running.
        case busy
        /// The sender's right ended before everything was stored.
        case right
        /// The batch failed, so that nothing is added to it.
        case failedBatch
    }

    package let code: Code
    package let description: String

    package init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }
}
