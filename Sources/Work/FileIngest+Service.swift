package import Domain
import Feeds
import Postgres
import Storage

extension FileIngest: IngestService {
    package func ingest(_ upload: FileUpload) async throws -> IngestedUpload {
        try await refusing {
            switch try await open(upload).write() {
            case .new(let outcome):
                IngestedUpload(batch: try await batch(outcome.batch), isRepeated: false)
            case .earlier(let id): IngestedUpload(batch: try await batch(id), isRepeated: true)
            }
        }
    }

    package func remediate(
        batch: Int64, mapping: String, reason: String?, by requester: Requester?
    ) async throws -> Remediation {
        try await refusing { try await readAgain(batch: batch, mapping: mapping, reason: reason, by: requester) }
    }

    package func delete(batch: Int64, by requester: Requester?) async throws -> DeletedBatch {
        try await refusing { try await BatchDeletion(options, sql: sql).delete(batch, by: requester) }
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
                .right: .right, .contents: .file,
            ]
            guard let code = codes[error.code] else { throw error }
            throw IngestRefusal(code, error.message)
        }
    }
}
