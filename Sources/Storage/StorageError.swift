import Domain

/// A refusal of the store, with a message for the person who asked.
package struct StorageError: Error, Sendable, CustomStringConvertible {
    package enum Code: String, Sendable {
        /// A file that belongs to the installation is missing or unreadable.
        case installation
        /// A migration was changed after it was applied, or cannot be applied.
        case migration
        /// There is no such dataset, or its description is not valid.
        case dataset
        /// There is no such layer of areas, or a record cannot become an area.
        case area
        /// The last day is before the first.
        case interval
        /// There is no such batch.
        case batch
        /// The dataset holds records of another kind.
        case contents
        /// The batch failed, so nothing can be added to it.
        case failedBatch
        /// Another process does the same work now.
        case busy
        /// Somebody held on for too long to something that had to be changed.
        case blocked
        /// The idempotency key was used for something else.
        case conflict
        /// The idempotency key was used for the same upload a moment ago.
        case repeated
        /// The messages were stored by another reader of the stream.
        case moved
        /// The requester has lost the right.
        case right
        /// There is no such user or API key, or its description is not valid.
        case account
    }

    package let code: Code
    package let message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { message }

    static func noUser(_ name: String) -> StorageError {
        StorageError(.account, "there is no user \(name): add one with `hextant users add`")
    }

    static func noDataset(_ slug: Slug) -> StorageError {
        StorageError(
            .dataset,
            "there is no dataset \(slug): `hextant datasets list` lists them, `hextant datasets put FILE` adds one")
    }
}
