/// A file that is plainly not what its mapping describes: more of its records were rejected than the mapping allows.
package struct TooManyRejects: Error, CustomStringConvertible {
    /// Name of the error for programs.
    package static let code = "too_many_rejects"
    /// Dead letters that are kept of such a file, for people to see what is wrong.
    package static let lettersKept = 100

    /// Records read when it was given up, those that the mapping leaves out not counted.
    package let records: Int64
    package let counts: RejectCounts
    /// Share of records that the mapping lets be rejected, from 0 to 1.
    package let share: Double
    /// The first of the rejected records, at most ``lettersKept``.
    package let letters: [DeadLetter]
    /// The failed batch that has the letters, once there is one.
    package var batch: Int64?

    package init(records: Int64, counts: RejectCounts, share: Double, letters: [DeadLetter]) {
        self.records = records
        self.counts = counts
        self.share = share
        self.letters = letters
    }

    package var description: String {
        let place = batch.map { "; batch \($0) has the first dead letters" } ?? ""
        return "\(Self.code): \(counts.total) of the first \(records) records cannot be read by this mapping "
            + "(\(counts.summary)), and it allows a share of \(share): choose the mapping of this file, or state "
            + "another share by rejects: in the mapping\(place)"
    }
}
