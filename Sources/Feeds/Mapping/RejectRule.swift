/// How many of its records a file may lose before it is plainly not what the mapping describes.
package struct RejectRule: Hashable, Sendable {
    /// The part of the records that may be rejected, from 0 to 1; 1 lets every file be read to its end.
    package var share = 0.5
    /// The share is looked at from so many records on: of a few, many may be bad.
    package var after = 1000

    /// - Throws: `FeedError` for a share or a number that cannot be.
    init(_ top: MappingNode) throws(FeedError) {
        guard let node = try top.node("rejects", keys: ["share", "after"]) else { return }
        if let text = try node.text("share") {
            guard let share = Double(text), (0...1).contains(share) else {
                throw node.error("share", "has to be a number from 0 to 1")
            }
            self.share = share
        }
        if let text = try node.text("after") {
            guard let after = Int(text), (1...1_000_000_000).contains(after) else {
                throw node.error("after", "has to be a whole number from 1 to 1000000000")
            }
            self.after = after
        }
    }

    /// - Parameter records: those read so far that the mapping does not leave out; `rejected` are some of them.
    func allows(rejected: Int64, of records: Int64) -> Bool {
        records < Int64(after) || Double(rejected) <= share * Double(records)
    }
}
