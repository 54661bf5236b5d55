import Feeds
import Postgres
import Risk
import Storage

/// Ingests files that were sent to the server, and reads dead letters again.
struct StoredFileIngest: IngestService {
    let options: PostgresOptions
    let sql: SQLFiles
    let installation: Installation
    var letters = LetterAllowance()

    func ingest(_ upload: FileUpload) async throws -> (batch: IngestBatch, isRepeated: Bool) {
        try await refusing { try await write(upload) }
    }

    private func write(_ upload: FileUpload) async throws -> (batch: IngestBatch, isRepeated: Bool) {
        let store = IngestStore(options, sql: sql, letters: letters)
        let target = try await dataset(upload.dataset)
        let mapping = try load(upload.mapping)
        let file = try EventFile(path: upload.path, mostUnpacked: upload.mostUnpacked)
        let sha256 = try await file.sha256()
        let content = IngestStore.Upload(
            dataset: upload.dataset, source: upload.source, sha256: sha256, mapping: upload.mapping,
            requester: upload.requester, key: upload.key.map { upload.requester?.scoped($0) ?? $0 })
        if let earlier = try await store.earlier(content) { return (try await batch(earlier), true) }
        let pipeline = try IngestPipeline(mapping: mapping, defaultZone: target.timeZone)
        do {
            let outcome = try await store.ingest(content) { writer in
                _ = try await pipeline.ingest(file, into: writer)
            }
            return (try await batch(outcome.batch), false)
        } catch let error as StorageError where error.code == .repeated {
            guard let earlier = try await store.earlier(content) else { throw error }
            return (try await batch(earlier), true)
        }
    }

    func remediate(
        batch: Int64, mapping: String, reason: String?, by requester: Requester?
    ) async throws -> Remediation {
        try await remediate(
            batch: batch, mapping: mapping, places: nil, dialect: Dialect(), reason: reason, by: requester)
    }

    /// - Parameters:
    ///   - places: The path of a file of places that replaces the mapping's.
    ///   - dialect: How the file is written, replacing what was stated when it was ingested.
    func remediate(
        batch: Int64, mapping name: String, places: String?, dialect: Dialect, reason: String?,
        by requester: Requester? = nil
    ) async throws -> Remediation {
        try await refusing {
            let mapping = try load(name, places: places)
            let zone = try await dataset(try await self.batch(batch).dataset).timeZone
            return try await IngestStore(options, sql: sql).remediate(batch: batch, reason: reason, by: requester) {
                page in
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
    }

    private func load(_ mapping: String, places: String? = nil) throws -> Mapping {
        try Mapping.load(mapping, builtInDirectory: installation.mappings, places: places)
    }

    private func dataset(_ slug: String) async throws -> Dataset {
        try await PostgresConnection.withSession(options) { connection in
            try await DatasetStore(connection, sql: sql).dataset(slug)
        }
    }

    private func batch(_ id: Int64) async throws -> IngestBatch {
        let found = try await PostgresConnection.withSession(options) { connection in
            try await IngestRecords(connection, sql: sql).batch(id)
        }
        guard let found else { throw StorageError(.batch, "there is no batch \(id)") }
        return found
    }

    /// Turns errors that the sender can mend into `IngestRefusal`, and temporary ones into `StoreUnavailable`.
    private func refusing<Output>(_ body: () async throws -> Output) async throws -> Output {
        do {
            return try await body()
        } catch let error as FeedError where error.code == .mapping {
            throw IngestRefusal(.noSuchMapping, "\(error)")
        } catch let error as FeedError {
            // The path of a file that was sent is internal and of no use to the sender.
            let place = error.line.map { "Line \($0): " } ?? ""
            throw IngestRefusal(.file, "\(place)\(error.problem)")
        } catch let error as TooManyRejects {
            throw IngestRefusal(.file, "\(error)")
        } catch let error as PostgresError {
            throw StoreUnavailable.or(error)
        } catch let error as StorageError where error.code == .conflict {
            throw IngestRefusal(
                .key, "The Idempotency-Key was used for another file or mapping: use a new one.")
        } catch let error as StorageError {
            let codes: [StorageError.Code: IngestRefusal.Code] = [
                .dataset: .noSuchDataset, .batch: .noSuchBatch, .busy: .busy, .failedBatch: .failedBatch,
                .right: .right,
            ]
            guard let code = codes[error.code] else { throw error }
            throw IngestRefusal(code, error.message)
        }
    }
}
