import Domain

/// How many dead letters of one file are kept in full. Without a limit a file of bad lines would fill the disk.
package struct LetterAllowance: Sendable {
    /// The number that is kept by default.
    package static let usualCount = 10_000
    /// The largest size of all their texts, in bytes. A single one may have 1 MiB.
    package static let mostBytes = 64 << 20

    private var count: Int
    private var bytes = Self.mostBytes

    package init(count: Int = Self.usualCount) { self.count = count }

    /// The allowance that is left for a file of which earlier batches keep some letters.
    func less(_ kept: Int) -> Self {
        var left = self
        left.count = max(0, count - kept)
        return left
    }

    /// Whether a letter is kept. If it is, its size is taken from the allowance.
    mutating func takes(_ letter: DeadLetter) -> Bool {
        let size = letter.raw.utf8.count + letter.detail.utf8.count
        guard count > 0, size <= bytes else { return false }
        count -= 1
        bytes -= size
        return true
    }
}
