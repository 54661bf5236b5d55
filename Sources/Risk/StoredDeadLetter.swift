/// A dead letter as it is kept.
package struct StoredDeadLetter: Equatable, Sendable {
    package var id: Int64
    package var batch: Int64
    package var dataset: String
    package var letter: DeadLetter
    /// When it became an event, in microseconds since 1970 UTC.
    package var remediated: Int64?

    package init(id: Int64, batch: Int64, dataset: String, letter: DeadLetter, remediated: Int64?) {
        self.id = id
        self.batch = batch
        self.dataset = dataset
        self.letter = letter
        self.remediated = remediated
    }
}

/// What reading dead letters again came to.
package struct Remediation: Hashable, Sendable {
    package var batch: Int64
    /// Open letters that were read again.
    package var examined = 0
    /// Those that could be read; they are marked.
    package var remediated = 0
    /// Events that were stored for them; fewer when some were stored already.
    package var accepted = 0

    package init(batch: Int64) { self.batch = batch }
}
