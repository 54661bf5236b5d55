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
        if let key = upload.key, let earlier = try await store.batch(of: key, dataset: upload.dataset) {
            guard earlier.sha256 == sha256, earlier.mapping == upload.mapping else {
                throw IngestRefusal(
                    .key, "The Idempotency-Key was used for another file, or another mapping: take a new one.")
            }
            return (try await batch(earlier.id), true)
        }
        let pipeline = try IngestPipeline(mapping: mapping, defaultZone: target.timeZone)
        let outcome = try await store.ingest(
            .init(
                dataset: upload.dataset, source: upload.source, sha256: sha256, mapping: upload.mapping,
                key: upload.key)
        ) { writer in
            _ = try await pipeline.ingest(file, into: writer)
        }
        return (try await batch(outcome.batch), false)
    }

    func remediate(batch: Int64, mapping: String, reason: String?) async throws -> Remediation {
        try await remediate(batch: batch, mapping: mapping, places: nil, dialect: Dialect(), reason: reason)
    }

    /// - Parameters:
    ///   - places: path of a file of places to take instead of the mapping's.
    ///   - dialect: how the file is written, in place of what was stated when it was ingested.
    func remediate(
        batch: Int64, mapping name: String, places: String?, dialect: Dialect, reason: String?
    ) async throws -> Remediation {
        try await refusing {
            let mapping = try load(name, places: places)
            let zone = try await dataset(try await self.batch(batch).dataset).timeZone
            return try await IngestStore(options, sql: sql).remediate(batch: batch, reason: reason) { page in
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

    /// Tells what is the sender's to mend as `IngestRefusal`, and what passes by itself as such.
    private func refusing<Output>(_ body: () async throws -> Output) async throws -> Output {
        do {
            return try await body()
        } catch let error as FeedError where error.code == .mapping {
            throw IngestRefusal(.noSuchMapping, "\(error)")
        } catch let error as FeedError {
            // The path of a file that was sent is ours and tells the sender nothing.
            let place = error.line.map { "Line \($0): " } ?? ""
            throw IngestRefusal(.file, "\(place)\(error.problem)")
        } catch let error as TooManyRejects {
            throw IngestRefusal(.file, "\(error)")
        } catch let error as PostgresError {
            throw StoreUnavailable.or(error)
        } catch let error as StorageError {
            let codes: [StorageError.Code: IngestRefusal.Code] = [
                .dataset: .noSuchDataset, .batch: .noSuchBatch, .busy: .busy, .failedBatch: .failedBatch,
            ]
            guard let code = codes[error.code] else { throw error }
            throw IngestRefusal(code, error.message)
        }
    }
}
