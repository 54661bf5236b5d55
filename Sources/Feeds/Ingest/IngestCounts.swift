/// What was read of a file: received = decoded + rejected.
package struct IngestCounts: Sendable, Equatable {
    /// Records after the header, each for as many events as it stands for; lines without a byte are none.
    package var received: Int64 = 0
    /// Records handed to the sink as events.
    package var decoded: Int64 = 0
    /// Records handed to the sink as dead letters.
    package var rejected: Int64 = 0
    /// Records that the mapping leaves out, by a filter or a count of 0; not among those received.
    package var filtered: Int64 = 0
    /// The rejected ones by the raw value of their `RejectionReason`.
    package var rejectedByReason: [String: Int64] = [:]

    package init() {}
}
