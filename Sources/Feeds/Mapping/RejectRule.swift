/// How many records of a file may be rejected before the mapping evidently does not describe it.
package struct RejectRule: Hashable, Sendable {
    /// The share of records that may be rejected, from 0 to 1; with 1 every file is read to its end.
    package var share = 0.5
    /// How many records are read before the share counts, because many of the first few may be bad.
    package var after = 1000

    /// - Throws: `FeedError` for an invalid share or number.
    init(_ top: MappingNode) throws(FeedError) {
        guard let node = try top.node("rejects", keys: ["share", "after"]) else { return }
        if let text = try node.text("share") {
            guard let share = Double(text), (0...1).contains(share) else {
                throw node.error("share", "must be a number from 0 to 1")
            }
            self.share = share
        }
        if let text = try node.text("after") {
            guard let after = Int(text), (1...1_000_000_000).contains(after) else {
                throw node.error("after", "must be a whole number from 1 to 1000000000")
            }
            self.after = after
        }
    }

    /// - Parameter records: How many records were read that the mapping does not leave out, including the rejected
    ///   ones.
    func allows(rejected: Int, of records: Int) -> Bool {
        records < after || Double(rejected) <= share * Double(records)
    }
}
