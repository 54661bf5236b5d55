import Domain
import Postgres
import Storage

/// Changes datasets, for commands and the server.
struct StoredDatasets: DatasetAdministration {
    let options: PostgresOptions
    let sql: SQLFiles

    func put(_ dataset: Dataset) async throws -> Bool {
        try await refusing {
            try await PostgresConnection.withConnection(options) { try await DatasetStore($0, sql: sql).put(dataset) }
        }
    }

    func delete(_ slug: Slug) async throws -> DeletedDataset {
        try await refusing { try await DatasetDeletion(options, sql: sql).delete(slug) }
    }

    private func refusing<Output>(_ body: () async throws -> Output) async throws -> Output {
        do {
            return try await body()
        } catch let error as StorageError where [.dataset, .busy].contains(error.code) {
            throw DatasetRefusal(isBusy: error.code == .busy, error.message)
        } catch let error as PostgresError {
            throw StoreUnavailable.or(error)
        }
    }
}
