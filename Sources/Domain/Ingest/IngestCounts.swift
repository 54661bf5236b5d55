/// The counts of the records of a file or a batch: received = accepted + duplicate + rejected.
package struct IngestCounts: Hashable, Sendable {
    /// Records after the header, each counted for the events it stands for. Lines without a byte do not count.
    package var received = 0
    /// Records that became events.
    package var accepted = 0
    /// Records stored before, known by what the file says, by the source's id or by their fields, or superseded by a
    /// later record of the file. A file that is only read has none.
    package var duplicate = 0
    /// Records that became dead letters, or would have if there were room for more.
    package var rejected = 0
    /// Records that the mapping left out, by a filter or a count of 0. They do not count as received.
    package var filtered = 0
    /// The rejected records by reason; `nil` for old batches, where they were not counted.
    package var rejects: RejectCounts? = RejectCounts()
    /// Rejected records without a dead letter, because the file had more than are kept of one.
    package var deadLettersOmitted = 0

    package init() {}

    /// Counts the records of an event chunk except the accepted ones: what becomes of its events is known later.
    package mutating func add(_ chunk: EventChunk) {
        received += chunk.received
        rejected += chunk.deadLetters.count
        filtered += chunk.filtered
        rejects?.add(chunk.deadLetters)
    }
}
