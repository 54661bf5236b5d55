import Domain
import Jobs
import Postgres
import Storage

/// Changes datasets, for commands and the server.
struct StoredDatasets: DatasetAdministration {
    let options: PostgresOptions
    let sql: SQLFiles

    func put(_ dataset: Dataset) async throws -> Bool {
        try await refusing {
            try await PostgresConnection.withConnection(options) { connection in
                let store = DatasetStore(connection, sql: sql)
                let before = try await store.queryables(of: dataset.slug)
                let isAdded = try await store.put(dataset)
                if before != dataset.queryables {
                    // Building an index may take minutes, so a worker does it. Filters work without it.
                    _ = try await JobQueue(connection, sql: sql).enqueue(
                        .queryables(of: dataset.slug), trigger: "description of \(dataset.slug)")
                }
                return isAdded
            }
        }
    }

    func delete(_ slug: Slug) async throws -> DeletedDataset {
        try await refusing {
            let before = try await PostgresConnection.withConnection(options) {
                try await DatasetStore($0, sql: sql).queryables(of: slug)
            }
            let deleted = try await DatasetDeletion(options, sql: sql).delete(slug)
            if !before.isEmpty {
                // The dataset is gone, whatever becomes of its indexes: the next change of a dataset drops them, too.
                _ = try? await PostgresConnection.withConnection(options) { connection in
                    try await JobQueue(connection, sql: sql).enqueue(
                        .queryables(of: nil), trigger: "deletion of \(slug)")
                }
            }
            return deleted
        }
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
