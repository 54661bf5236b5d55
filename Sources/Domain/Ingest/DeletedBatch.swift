/// A batch that was taken back, and what went with it.
package struct DeletedBatch: Hashable, Sendable {
    package let batch: Int64
    package let dataset: Slug
    package let events: Int
    package let deadLetters: Int
    /// The run that scores its days again; `nil` when nothing has to be scored.
    package let run: Int64?

    package init(batch: Int64, dataset: Slug, events: Int, deadLetters: Int, run: Int64?) {
        self.batch = batch
        self.dataset = dataset
        self.events = events
        self.deadLetters = deadLetters
        self.run = run
    }
}
