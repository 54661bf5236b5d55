/// How many rows a batch brought to each chunk of the hypertable, and the indexes it has to build on those it made.
struct NewChunks {
    /// Length of a chunk in microseconds: TimescaleDB counts a month as 30 days. Were it another, a new chunk might be filled
    /// with its indexes in place, which is slower and no less right.
    private static let length: Int64 = 30 * 86_400_000_000
    /// With fewer rows it is cheaper to keep the indexes up than to make them anew.
    private static let few = 500

    private var rows: [Int64: Int] = [:]
    /// A timestamp in each chunk that got more than a few rows since the last time this was emptied.
    var grown: [Int64] = []
    /// Statements that build the indexes that were taken away.
    var definitions: [String] = []

    /// - Parameter timestamp: of a row, in microseconds since 1970 UTC.
    mutating func count(_ timestamp: Int64) {
        let number = (timestamp - (timestamp % Self.length + Self.length) % Self.length) / Self.length
        let count = rows[number, default: 0] + 1
        rows[number] = count
        if count == Self.few { grown.append(timestamp) }
    }
}
