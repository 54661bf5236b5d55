package import Domain
import Jobs

/// The feed part that a batch brings rows of, and what the batch changes besides events, in the same transaction.
package struct FeedBatch: Sendable {
    /// The meaning of the rows.
    package enum Contents: Hashable, Sendable {
        /// Rows that are new or changed; others of the part stay.
        case changes
        /// All rows of the part, in one batch or in several: what is not among them is there no more.
        case whole(isFirst: Bool, isLast: Bool)
    }

    /// The run of the feed, see ``FeedRunRecord``.
    package let run: Int64
    /// The right of the job that the run belongs to; `nil` for a command.
    package let lease: JobLease?
    package let feed: Slug
    package let part: String
    /// The first URL that the rows came from, without secrets.
    package let url: String
    /// When the first of them came.
    package let retrieved: Instant
    /// The source's version of the part, and where its reading goes on.
    package let version: String
    package let state: String
    package let contents: Contents
    /// Whether the rows wait beside those that are served, until all of the feed takes their place at once. Only for
    /// datasets of expenditures.
    package var isStaged = false

    package init(
        run: Int64, lease: JobLease?, feed: Slug, part: String, url: String, retrieved: Instant, version: String,
        state: String, contents: Contents
    ) {
        self.run = run
        self.lease = lease
        self.feed = feed
        self.part = part
        self.url = url
        self.retrieved = retrieved
        self.version = version
        self.state = state
        self.contents = contents
    }

    var isWhole: Bool { contents != .changes }

    /// Whether the batch has all rows of the part.
    var isWholeAtOnce: Bool { contents == .whole(isFirst: true, isLast: true) }
}

/// The events of a feed part that a batch is compared with.
struct FeedPlace: Sendable {
    let feed: FeedBatch
    /// The first batch of the reading that the batch belongs to.
    let firstBatch: Int64
    /// First and last time of events that the part ever brought; those of this batch are among them.
    let first: Instant
    let last: Instant
}
