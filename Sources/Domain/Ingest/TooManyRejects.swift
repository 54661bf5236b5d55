/// More records of a file were rejected than its mapping allows, so the mapping evidently does not describe the file.
package struct TooManyRejects: Error, CustomStringConvertible {
    /// The code of the error for programs.
    package static let code = "too_many_rejects"
    /// How many dead letters of such a file are kept, so that people can see what is wrong.
    package static let lettersKept = 100

    /// How many records were read until then, without those that the mapping leaves out.
    package let records: Int
    package let counts: RejectCounts
    /// The share of records that the mapping lets be rejected, from 0 to 1.
    package let share: Double
    /// The first rejected records, at most ``lettersKept``.
    package let letters: [DeadLetter]
    /// The failed batch with the letters, once there is one.
    package var batch: Int64?

    package init(records: Int, counts: RejectCounts, share: Double, letters: [DeadLetter]) {
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
