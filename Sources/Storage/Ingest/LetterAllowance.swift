import Risk

/// How many dead letters of one file are kept in full: a file of nothing but bad lines would else fill the disk.
package struct LetterAllowance: Sendable {
    /// The number that is kept unless another is asked for.
    package static let usualCount = 10_000
    /// Bytes of all their texts; one alone may have 1 MiB.
    package static let mostBytes = 64 << 20

    private var count: Int
    private var bytes = Self.mostBytes

    package init(count: Int = Self.usualCount) { self.count = count }

    /// The same for a file of which earlier batches keep some already.
    func less(_ kept: Int) -> Self {
        var left = self
        left.count = max(0, count - kept)
        return left
    }

    /// Whether a letter is kept; the room that it takes is gone then.
    mutating func takes(_ letter: DeadLetter) -> Bool {
        let size = letter.raw.utf8.count + letter.detail.utf8.count
        guard count > 0, size <= bytes else { return false }
        count -= 1
        bytes -= size
        return true
    }
}
