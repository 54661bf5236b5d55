import Connectors
package import Domain
package import Postgres
import Storage

/// Makes sure that the dataset of a feed exists, before its job is queued. It throws ``FeedRefusal`` when it does not
/// and the feed does not describe it.
package typealias FeedPreparation =
    @Sendable (_ feed: Slug, _ connection: PostgresConnection) async throws -> Void

/// Adds the datasets that feeds describe.
struct FeedDatasets: Sendable {
    private let store: DatasetStore

    init(_ database: any QueryRunner, sql: SQLFiles) {
        store = DatasetStore(database, sql: sql)
    }

    /// Makes sure that the dataset of a feed exists. One that exists stays as it is.
    /// - Throws: ``FeedRefusal`` when there is none and the feed does not describe it; `StorageError`; what
    ///   ``QueryRunner/query(_:_:)`` throws.
    func prepare(_ feed: Feed) async throws {
        guard try await !store.missing(of: [feed.dataset]).isEmpty else { return }
        guard let dataset = feed.newDataset else {
            throw FeedRefusal(
                "there is no dataset \(feed.dataset): add it with `hextant datasets put`, or describe it in the feed "
                    + "\(feed.name) under new_dataset")
        }
        _ = try await store.put(dataset)
    }
}
