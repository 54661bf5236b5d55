package import Domain
import Fetch

/// The state of one part of a feed that is held: which version, and where its reading ended.
package struct Checkpoint: Hashable, Sendable {
    /// The source's version of the part when it was read.
    package var version: String
    /// Where to go on, as the source kind writes it: JSON.
    package var state: String

    package init(version: String, state: String = "{}") {
        self.version = version
        self.state = state
    }
}

/// A part of a feed that is read and stored by itself: a month of a force, a resource, a file.
package struct FeedPart: Hashable, Sendable {
    /// Name of the part, under which its checkpoint is kept; 1 to 200 bytes.
    package let name: String
    /// The version that the source has now; empty where only reading tells.
    package let version: String

    package init(_ name: String, version: String) {
        self.name = name
        self.version = version
    }
}

/// The work of a run.
package struct FeedPlan: Hashable, Sendable {
    /// Parts that are not held, or not in their present version, in the order in which to read them.
    package var parts: [FeedPart] = []
    /// How many parts the source offers.
    package var offered = 0
    /// Sentences about the source that a person should know, such as that a dataset has become empty.
    package var findings: [String] = []

    package init() {}
}

/// The meaning of the rows of a read.
package enum RowContents: Hashable, Sendable {
    /// Rows that are new or changed; others of the part stay. Of several with one id the last one counts.
    case changes
    /// All rows of the part, in one row file or in several: what is not among them is there no more.
    case whole(isFirst: Bool, isLast: Bool)
    /// Nothing was written, because the rows are those that are held, or the source has dropped the part.
    case nothing
}

/// The result of reading a part, or a piece of it.
package struct FetchedPart: Hashable, Sendable {
    /// The checkpoint to store in the transaction of the rows.
    package var checkpoint: Checkpoint
    package var contents: RowContents
    /// Whether the part goes on after these rows: read again from the checkpoint.
    package var hasMore = false
    /// The first URL that the rows came from, with its secrets replaced by their names.
    package var url: String
    /// When the first of them came.
    package var retrieved: Instant
    package var requests = 1
    /// Sentences that a person should know.
    package var findings: [String] = []
}

/// Reads one feed. What it asks for and what it writes depend on the feed, the checkpoints and the source alone.
package protocol FeedSource: Sendable {
    /// Finds out what the source offers, and which parts of it are not held.
    /// - Parameter held: The checkpoints of the feed by the names of their parts.
    /// - Throws: `FetchError` and ``SourceError``.
    func plan(_ held: [String: Checkpoint]) async throws -> FeedPlan

    /// Reads a part, or a piece of a large one, into a row file.
    /// - Parameters:
    ///   - held: The part's checkpoint, if any of it is held.
    ///   - rows: An empty row file. After an error what is in it means nothing.
    /// - Throws: `FetchError` and ``SourceError``.
    func read(_ part: FeedPart, held: Checkpoint?, into rows: RowFile) async throws -> FetchedPart
}
