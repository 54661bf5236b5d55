/// A change of what is served: of a whole dataset, or of a live day of it.
package struct ServedChange: Hashable, Sendable {
    package var dataset: Slug
    /// The day; `nil` for all days and the outlooks.
    package var day: LocalDay?
    /// The generation that the change made.
    package var generation: Int64

    package init(dataset: Slug, day: LocalDay? = nil, generation: Int64) {
        self.dataset = dataset
        self.day = day
        self.generation = generation
    }
}

/// The state of what is served, as far as it has changed since somebody looked before.
package struct ServedNews: Hashable, Sendable {
    /// The newest generation.
    package var generation: Int64
    /// The generation of the last refresh of everything.
    package var whole: Int64
    /// The changes after the last look and after that refresh, by generation; `nil` where there were too many to tell.
    package var changes: [ServedChange]?

    package init(generation: Int64, whole: Int64, changes: [ServedChange]?) {
        self.generation = generation
        self.whole = whole
        self.changes = changes
    }
}
