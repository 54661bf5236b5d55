/// The counts of a file that was read: received = decoded + rejected.
package struct IngestCounts: Sendable, Equatable {
    /// Records after the header, each counted for the events it stands for. Lines without a byte do not count.
    package var received: Int64 = 0
    /// Records handed to the sink as events.
    package var decoded: Int64 = 0
    /// Records handed to the sink as dead letters.
    package var rejected: Int64 = 0
    /// Records that the mapping left out, by a filter or a count of 0. They do not count as received.
    package var filtered: Int64 = 0
    /// The rejected records by the raw value of their `RejectionReason`.
    package var rejectedByReason: [String: Int64] = [:]

    package init() {}
}
