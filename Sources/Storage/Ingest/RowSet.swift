/// A set of positive numbers, most of them close together, that takes one bit for each.
struct RowSet: Sendable {
    private var words: [UInt64] = []
    private(set) var count = 0

    mutating func insert(_ number: Int64) {
        guard number > 0 else { return }
        let index = Int(number >> 6)
        while words.count <= index { words.append(0) }
        let bit: UInt64 = 1 << UInt64(number & 63)
        if words[index] & bit == 0 { count += 1 }
        words[index] |= bit
    }

    func contains(_ number: Int64) -> Bool {
        let index = Int(number >> 6)
        return number > 0 && index < words.count && words[index] & (1 << UInt64(number & 63)) != 0
    }
}
