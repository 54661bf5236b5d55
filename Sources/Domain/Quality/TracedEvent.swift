/// The id of an event: that of its source, or its place in the list of events.
package enum EventReference: Hashable, Sendable {
    case source(String)
    case place(EventCursor)
}

/// An event and where it came from.
package struct TracedEvent: Hashable, Sendable {
    /// Facts about an event's way here.
    package struct Lineage: Hashable, Sendable {
        /// The batch that stored it.
        package var batch: Int64
        /// The file of the batch, in words for people, and the SHA-256 of its content in hexadecimal.
        package var source: String
        package var sha256: String
        package var mapping: String
        package var stored: Instant?
        /// The row number in the file.
        package var rowNumber: Int64
        /// The run whose job brought it; `nil` for a file that somebody sent.
        package var run: Int64?
        package var feed: String?
        package var feedPart: String?
        /// The URL that it was read from.
        package var sourceURL: String?
        package var retrieved: Instant?

        package init(
            batch: Int64, source: String, sha256: String, mapping: String, stored: Instant?, rowNumber: Int64,
            run: Int64? = nil, feed: String? = nil, feedPart: String? = nil, sourceURL: String? = nil,
            retrieved: Instant? = nil
        ) {
            self.batch = batch
            self.source = source
            self.sha256 = sha256
            self.mapping = mapping
            self.stored = stored
            self.rowNumber = rowNumber
            self.run = run
            self.feed = feed
            self.feedPart = feedPart
            self.sourceURL = sourceURL
            self.retrieved = retrieved
        }
    }

    package var event: StoredEvent
    /// The lineage; `nil` when the batch is gone.
    package var lineage: Lineage?

    package init(event: StoredEvent, lineage: Lineage?) {
        self.event = event
        self.lineage = lineage
    }
}

/// Tells where events came from.
package protocol LineageRepository: Sendable {
    /// The event of a dataset with an id; `nil` when there is none.
    func event(_ id: EventReference, of dataset: Slug) async throws -> TracedEvent?
}
