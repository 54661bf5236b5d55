/// Counts how many values came before, in bounded memory.
///
/// Up to ``most`` different values the count is exact. With more, only values whose hash ends with some zero bits are
/// remembered, and each repetition of one stands for those of all others: the count is an estimate.
package struct UniqueValues: Sendable {
    /// How many different values are remembered: 8 bytes each, and as much again for the table.
    package static let most = 1 << 20

    private let most: Int
    private var seen: Set<UInt64> = []
    private var zeroBits = 0
    private var repeats = 0

    package init(most: Int = Self.most) { self.most = most }

    /// - Parameter hash: A hash of the value, each of whose bits is as good as any other.
    package mutating func add(_ hash: UInt64) {
        guard hash.trailingZeroBitCount >= zeroBits else { return }
        guard seen.insert(hash).inserted else {
            repeats += 1 << zeroBits
            return
        }
        while seen.count > most {
            zeroBits += 1
            let bits = zeroBits
            seen = seen.filter { $0.trailingZeroBitCount >= bits }
        }
    }

    /// How many values came before in the same column.
    package var repeated: Int { repeats }
    package var isEstimate: Bool { zeroBits > 0 }
}
