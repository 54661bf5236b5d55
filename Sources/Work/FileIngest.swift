package import Domain
package import Feeds
package import Postgres
package import Storage

/// Ingests files and reads dead letters again: for commands, uploads and jobs alike.
package struct FileIngest: Sendable {
    let options: PostgresOptions
    let sql: SQLFiles
    private let mappings: String
    private let letters: LetterAllowance

    /// - Parameters:
    ///   - mappings: Path of the folder of built-in mappings.
    ///   - letters: How many dead letters of one file are kept in full.
    package init(
        _ options: PostgresOptions, sql: SQLFiles, mappings: String, letters: LetterAllowance = LetterAllowance()
    ) {
        self.options = options
        self.sql = sql
        self.mappings = mappings
        self.letters = letters
    }

    /// Reads what an ingest needs to know before it begins: the mapping, the dataset and the hash of the file.
    ///
    /// - Parameters:
    ///   - feed: The feed part that the file holds rows of; `nil` for a file or an upload.
    ///   - messages: The messages that the file holds; `nil` for anything else.
    /// - Throws: ``FeedError`` for a file or mapping that cannot be used, ``StorageError`` when there is no such
    ///   dataset, and `PostgresError`.
    package func open(
        _ upload: FileUpload, feed: FeedBatch? = nil, messages: StoredMessages? = nil
    ) async throws -> OpenedFile {
        var mapping = try await load(upload.mapping, places: upload.places)
        let dataset = try await dataset(upload.dataset)
        let zone = dataset.timeZone
        mapping.expect = dataset.expect.stating(mapping.expect).stating(upload.expect)
        mapping.dialect = mapping.dialect.stating(try Dialect(upload.dialect))
        let file = try EventFile(
            path: upload.path, name: upload.source, mostUnpacked: upload.mostUnpacked, member: upload.member,
            sheet: upload.sheet, layer: upload.layer
        ).choosing(by: mapping.dialect.layout)
        // Dead letters of a workbook are read again by the rules for its cells.
        var dialect = upload.dialect
        if dialect.format == nil { dialect.format = try file.container()?.rawValue }
        let digest = if let messages { messages.digest } else { try await file.sha256() }
        var content = IngestStore.Upload(
            dataset: upload.dataset, source: upload.source,
            sha256: digest, mapping: upload.mapping, dialect: dialect,
            identity: messages?.mayComeAgain == true ? .content : mapping.identity, requester: upload.requester,
            key: upload.key.map { upload.requester?.scoped($0) ?? $0 })
        content.expect = mapping.expect
        content.makes = mapping.makes
        content.job = upload.job
        content.feed = feed
        content.stream = messages?.batch
        let isStream = messages != nil
        return OpenedFile(
            file: file,
            pipeline: try IngestPipeline(
                mapping: mapping, defaultZone: zone, readsOn: isStream, takesAnyColumns: isStream),
            store: IngestStore(options, sql: sql, letters: letters), content: content,
            unreadable: messages?.unreadable ?? [])
    }

    /// Reads the open dead letters of a batch again; those that can be read now become events of the batch.
    ///
    /// - Parameters:
    ///   - places: Path of a file of places to take instead of the mapping's.
    ///   - dialect: How the file is written, in place of what was stated when it was ingested.
    ///   - reason: Only letters of this reason code.
    ///   - requester: Whose right to the dataset has to last until the events are stored; `nil` is nobody's.
    ///   - lease: The lease of the job that does it. Without it nothing is stored.
    /// - Throws: The errors of ``open(_:)`` and ``OpenedFile/write(progress:)``.
    package func readAgain(
        batch: Int64, mapping name: String, places: String? = nil, dialect: Dialect = Dialect(), reason: String? = nil,
        by requester: Requester? = nil, lease: JobLease? = nil
    ) async throws -> Remediation {
        let mapping = try await load(name, places: places)
        let zone = try await dataset(try await self.batch(batch).dataset).timeZone
        return try await IngestStore(options, sql: sql).remediate(
            batch: batch, reason: reason, identity: mapping.identity, makes: mapping.makes, by: requester,
            lease: lease
        ) { page in
            var mapping = mapping
            mapping.dialect = mapping.dialect.stating(try Dialect(page.dialect)).stating(dialect)
            let reader = try LetterReader(mapping: mapping, header: page.header, defaultZone: zone)
            var events = EventChunk()
            var read: [Int64] = []
            for stored in page.letters where try reader.read(stored.letter, into: &events) {
                read.append(stored.id)
            }
            return (events, read)
        }
    }

    private func load(_ name: String, places: String?) async throws -> Mapping {
        var mapping = try Mapping.load(name, builtInDirectory: mappings, places: places)
        try await readAreas(&mapping)
        return mapping
    }

    /// Gives a mapping that places events by areas the label points of its layer.
    ///
    /// - Throws: `FeedError` when there is no such layer and the mapping needs it; `StorageError` for one of too many
    ///   areas; `PostgresError`.
    package func readAreas(_ mapping: inout Mapping) async throws {
        guard let layer = mapping.areaLayer else { return }
        try mapping.take(
            try await PostgresConnection.withConnection(options) { connection in
                try await AreaPoints(connection, sql: sql).points(of: layer)
            })
    }

    private func dataset(_ slug: Slug) async throws -> Dataset {
        try await PostgresConnection.withConnection(options) { connection in
            try await DatasetStore(connection, sql: sql).dataset(slug)
        }
    }

    package func batch(_ id: Int64) async throws -> IngestBatch {
        let found = try await PostgresConnection.withConnection(options) { connection in
            try await IngestRecords(connection, sql: sql).batch(id)
        }
        guard let found else { throw StorageError(.batch, "there is no batch \(id)") }
        return found
    }
}

/// A file that can be ingested.
package struct OpenedFile: Sendable {
    fileprivate let file: EventFile
    fileprivate let pipeline: IngestPipeline
    fileprivate let store: IngestStore
    fileprivate let content: IngestStore.Upload
    /// Messages that cannot stand in the file.
    fileprivate let unreadable: [DeadLetter]

    /// The kind of records that it makes.
    package var makes: DatasetContents { content.makes }

    /// Ingests the file as one batch.
    ///
    /// - Parameter progress: Called about ten times a second and once at the end.
    /// - Returns: The finished batch. When the upload has the key of an earlier batch, that one, and nothing was read.
    /// - Throws: ``FeedError`` for a file that cannot be read, ``TooManyRejects``, ``StorageError`` (busy, a key that
    ///   stands for another file, a right that has ended) and `PostgresError`.
    package func write(
        progress: @escaping @Sendable (IngestProgress) -> Void = { _ in }
    ) async throws -> WrittenFile {
        if let earlier = try await store.earlier(content) { return .earlier(batch: earlier) }
        do {
            let outcome = try await store.ingest(content) { [pipeline, file, content, unreadable] writer in
                if content.stream != nil {
                    return try await Self.write(file, unreadable, pipeline, writer, progress: progress)
                }
                // A feed part knows its own rows, and may have none.
                if content.feed != nil {
                    guard file.byteCount > 0 else { return }
                } else {
                    try await Self.recognise(file, pipeline, writer)
                }
                _ = try await pipeline.ingest(file, into: writer, progress: progress)
            }
            return .new(outcome)
        } catch let error as StorageError where error.code == .repeated {
            guard let earlier = try await store.earlier(content) else { throw error }
            return .earlier(batch: earlier)
        }
    }
}

extension OpenedFile {
    /// Writes the messages of a stream: those of the file, if it has any, and dead letters of the others.
    private static func write(
        _ file: EventFile, _ unreadable: [DeadLetter], _ pipeline: IngestPipeline, _ writer: BatchWriter,
        progress: @escaping @Sendable (IngestProgress) -> Void
    ) async throws {
        var rows = 0
        if file.byteCount > 0 {
            let counts = try await pipeline.ingest(file, into: writer, progress: progress).counts
            rows = counts.received + counts.filtered
        }
        guard !unreadable.isEmpty else { return }
        var chunk = EventChunk()
        for (number, letter) in unreadable.enumerated() {
            var letter = letter
            letter.rowNumber = Int64(rows + number + 1)
            letter.lineNumber = letter.rowNumber
            chunk.deadLetters.append(letter)
        }
        try await writer.write(chunk)
    }

    /// Tells the writer when a batch has the same records, although the file is packed or encoded in another way.
    ///
    /// A file is read to its end for that only if another one of the dataset begins with the same records.
    private static func recognise(_ file: EventFile, _ pipeline: IngestPipeline, _ writer: BatchWriter) async throws {
        guard await writer.recognisesFiles else { return }
        let (start, read) = try await pipeline.content(of: file, isWhole: false)
        guard try await writer.knowsStart(start) else { return }
        var whole = read
        if whole == nil { whole = try await pipeline.content(of: file, isWhole: true).whole }
        if let whole { try await writer.addKnown(content: whole) }
    }
}

/// The result of ingesting a file.
package enum WrittenFile: Sendable {
    case new(BatchOutcome)
    /// Nothing was read: an upload with the same key made this batch.
    case earlier(batch: Int64)
}
