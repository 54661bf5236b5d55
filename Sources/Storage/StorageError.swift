/// What the store refuses, in words for the person who asked.
package struct StorageError: Error, Sendable, CustomStringConvertible {
    package enum Code: String, Sendable {
        /// A file that belongs to the installation is missing or unreadable.
        case installation
        /// A migration was changed after it was applied, or cannot be applied.
        case migration
        /// No such dataset, or it is not described well.
        case dataset
        /// An interval of days that ends before it begins.
        case interval
        /// No such batch.
        case batch
        /// A batch that failed, so that nothing is added to it.
        case failedBatch
        /// Another process does the same right now.
        case busy
        /// Somebody held on for too long to what had to be changed.
        case blocked
        /// A key that was used for something else.
        case conflict
        /// A key that was used for the same just now.
        case repeated
        /// The right of who asked has ended.
        case right
        /// No such user or API key, or one that is not described well.
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
        StorageError(.account, "there is no user \(name): add one by `hextant users add`")
    }

    static func noDataset(_ slug: String) -> StorageError {
        StorageError(.dataset, "there is no dataset \(slug): add it by `hextant datasets put FILE`")
    }
}
