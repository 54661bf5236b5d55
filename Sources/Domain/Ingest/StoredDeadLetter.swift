/// A stored dead letter.
package struct StoredDeadLetter: Equatable, Sendable {
    package var id: Int64
    package var batch: Int64
    package var dataset: Slug
    package var letter: DeadLetter
    /// When it became an event.
    package var remediated: Instant?

    package init(id: Int64, batch: Int64, dataset: Slug, letter: DeadLetter, remediated: Instant?) {
        self.id = id
        self.batch = batch
        self.dataset = dataset
        self.letter = letter
        self.remediated = remediated
    }
}

/// The result of reading dead letters again.
package struct Remediation: Hashable, Sendable {
    package var batch: Int64
    /// The number of open letters that were read again.
    package var examined = 0
    /// The number of letters that could be read and are marked as such.
    package var remediated = 0
    /// The number of events stored for them; smaller when some were stored already.
    package var accepted = 0
    /// How many of them the rules of the mapping mended, by the name of the rule.
    package var remedies = RemedyCounts()

    package init(batch: Int64) { self.batch = batch }
}
