package import Risk

/// What became of the records of one upload: received = accepted + duplicate + rejected.
package struct BatchOutcome: Hashable, Sendable {
    package let batch: Int64
    package internal(set) var received: Int64 = 0
    package internal(set) var accepted: Int64 = 0
    /// Stored already, by this upload's content or by the source's id, or followed by a newer version in the same upload.
    package internal(set) var duplicate: Int64 = 0
    package internal(set) var rejected: Int64 = 0
    /// Records that the mapping left out; not among those received.
    package internal(set) var filtered: Int64 = 0
    /// The rejected ones by their reasons.
    package internal(set) var rejects = RejectCounts()
    /// Rejected ones of which no dead letter is kept.
    package internal(set) var lettersOmitted: Int64 = 0
}
