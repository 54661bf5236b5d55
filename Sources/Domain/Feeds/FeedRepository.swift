/// A feed of this server: what its file says, and its state.
package struct FeedStatus: Hashable, Sendable {
    package var name: Slug
    /// The kind of its source, such as `socrata`.
    package var source: String
    package var dataset: Slug
    package var mapping: String
    /// When it is read next; `nil` for one that is read on request only.
    package var next: Instant?
    package var record: FeedRecord

    package init(
        name: Slug, source: String, dataset: Slug, mapping: String, next: Instant?, record: FeedRecord
    ) {
        self.name = name
        self.source = source
        self.dataset = dataset
        self.mapping = mapping
        self.next = next
        self.record = record
    }
}

/// The feeds that a server knows.
package protocol FeedRepository: Sendable {
    /// All feeds, by name.
    func feeds() async throws -> [FeedStatus]

    /// A feed with its state; `nil` when there is none of this name.
    func feed(_ name: Slug) async throws -> FeedStatus?

    /// A page of the parts that are held of a feed, by name.
    func checkpoints(
        of feed: Slug, _ page: PageRequest<FeedCheckpointRecord>
    ) async throws -> Page<FeedCheckpointRecord>

    /// Makes sure that the dataset of a feed exists.
    /// - Throws: ``FeedRefusal`` when it does not, and the feed does not describe it.
    func prepare(_ feed: Slug) async throws

    /// Queues a run of a feed and returns its record.
    ///
    /// - Parameters:
    ///   - requester: The account whose right to the dataset must last until the run is over; `nil` for none.
    ///   - key: An idempotency key, as in ``RunRepository/start(_:by:key:)``.
    /// - Throws: ``FeedRefusal``; ``RunKeyTaken`` when the key was used for another run.
    func run(_ feed: Slug, by requester: Requester?, key: String?) async throws -> AnalyticsRun

    /// Queues a full refresh of a dataset of expenditures by a feed, as ``run(_:by:key:)``.
    /// - Throws: ``FeedRefusal``; ``RunKeyTaken`` when the key was used for another run.
    func renew(_ feed: Slug, by requester: Requester?, key: String?) async throws -> AnalyticsRun
}

/// Why a feed cannot be run, as a sentence for people.
package struct FeedRefusal: Error, Hashable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) {
        self.description = description
    }
}
