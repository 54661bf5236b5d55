/// Ingests files and reads dead letters again.
package protocol IngestService: Sendable {
    /// Ingests a file as one batch.
    ///
    /// - Throws: ``IngestRefusal`` when the upload cannot be stored.
    func ingest(_ upload: FileUpload) async throws -> IngestedUpload

    /// Reads the open dead letters of a batch again with a mapping. Those that can be read now become events of the
    /// batch.
    ///
    /// - Parameters:
    ///   - reason: Only letters with this reason code; `nil` for all.
    ///   - requester: The account whose right to the dataset must last until the events are stored; `nil` for none.
    /// - Throws: ``IngestRefusal`` when the letters cannot be read again.
    func remediate(
        batch: Int64, mapping: String, reason: String?, by requester: Requester?
    ) async throws -> Remediation

    /// Deletes a batch with its events and dead letters, and has its days scored again.
    ///
    /// - Parameter requester: The account whose right to the dataset must last until it is deleted; `nil` for none.
    /// - Throws: ``IngestRefusal`` when there is no such batch, its dataset is being written, or the right has ended.
    func delete(batch: Int64, by requester: Requester?) async throws -> DeletedBatch
}

/// A file that a client sent.
package struct FileUpload: Hashable, Sendable {
    package var dataset: Slug
    /// Name of a built-in mapping, or path of another.
    package var mapping: String
    /// Path of a file of places to take instead of the mapping's.
    package var places: String?
    /// How its sender says that it is written.
    package var dialect: StatedDialect
    /// The path of the file with its content.
    package var path: String
    /// How many bytes the content may decompress to; nil for a file of the operator.
    package var mostUnpacked: Int?
    /// The name of the file to read in a zip archive; nil for all that fit, or the one that the mapping names.
    package var member: String?
    /// The name of the sheet to read in an Excel workbook; nil for the first, or the one that the mapping names.
    package var sheet: String?
    /// The name of the layer to read in a GeoPackage; nil for the only one, or the one that the mapping names.
    package var layer: String?
    /// Where the file came from, in words for people.
    package var source: String
    /// The account whose right to the dataset must last until the batch is stored; `nil` for none.
    package var requester: Requester?
    /// The sender's idempotency key. The same text of another sender is another key.
    package var key: String?
    /// Expectations of a feed for its batches, in addition to the mapping or in place of what that states.
    package var expect = Expectations()
    /// The job that brings the file; `nil` for a command or a request.
    package var job: Int64?

    package init(
        dataset: Slug, mapping: String, places: String? = nil, dialect: StatedDialect = StatedDialect(),
        path: String, mostUnpacked: Int? = nil, member: String? = nil, sheet: String? = nil, layer: String? = nil,
        source: String, requester: Requester? = nil, key: String? = nil
    ) {
        self.dataset = dataset
        self.mapping = mapping
        self.places = places
        self.dialect = dialect
        self.path = path
        self.mostUnpacked = mostUnpacked
        self.member = member
        self.sheet = sheet
        self.layer = layer
        self.source = source
        self.requester = requester
        self.key = key
    }
}

/// The outcome of an upload.
package struct IngestedUpload: Hashable, Sendable {
    package var batch: IngestBatch
    /// Whether an earlier upload with the same key created the batch.
    package var isRepeated: Bool

    package init(batch: IngestBatch, isRepeated: Bool) {
        self.batch = batch
        self.isRepeated = isRepeated
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
        /// The idempotency key was used for other content.
        case key
        /// Another ingest into the dataset is running.
        case busy
        /// The sender lost the right before everything was stored.
        case right
        /// The batch failed, so nothing can be added to it.
        case failedBatch
    }

    package let code: Code
    package let description: String

    package init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }
}
