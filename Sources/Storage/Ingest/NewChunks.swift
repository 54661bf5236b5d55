/// The chunks of the hypertable that a batch met, and the indexes it has to build on those it made.
struct NewChunks {
    /// Length of a chunk in microseconds: TimescaleDB counts a month as 30 days. Were it another, a new chunk might be filled
    /// with its indexes in place, which is slower and no less right.
    private static let length: Int64 = 30 * 86_400_000_000

    private var met: Set<Int64> = []
    private var last: Int64?
    /// Statements that build the indexes that were taken away.
    var definitions: [String] = []

    /// Whether no earlier timestamp of the batch lies in the same chunk. Microseconds since 1970 UTC.
    mutating func isFirst(_ timestamp: Int64) -> Bool {
        let number = (timestamp - (timestamp % Self.length + Self.length) % Self.length) / Self.length
        // Most rows lie in the chunk of the row before.
        if number == last { return false }
        last = number
        return met.insert(number).inserted
    }
}
