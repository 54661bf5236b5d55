import Domain

/// The batch that a ``BatchWriter`` fills.
struct BatchScope: Sendable {
    let dataset: Slug
    /// The time zone of the dataset, in which days begin.
    var zone: ZoneOffsets
    let batch: Int64
    /// How rows without an id are recognised.
    let identity: RowIdentity
    /// The SHA-256 of the file's bytes, in hexadecimal; nil when dead letters are read again.
    var sha256: String?
    /// Whether other batches of the dataset stored events.
    var hasOthers = false
    /// The feed part that the rows are of; nil for a file or an upload.
    var feed: FeedBatch?

    /// Whether the rows are messages of a stream, which is told what has come already by its own position.
    var isStream = false

    /// Whether an earlier batch of the feed part brought rows.
    var isHeld = false
    /// The kind of the rows.
    var holds = DatasetContents.events
    /// Whether the dataset has no expenditures yet, so that there is nothing to compare them with.
    var isFresh = false

    /// Whether the rows without an id take the place of those that the feed part brought before.
    var replacesRows: Bool { isHeld && feed?.isWholeAtOnce == true }

    /// Whether every row is compared with those stored before it becomes an event.
    var mergesAllRows: Bool { identity == .content || replacesRows }
}
