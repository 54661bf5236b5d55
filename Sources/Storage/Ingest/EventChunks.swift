import Postgres

/// The chunks that the hypertable `events` had before a batch, and how many rows the batch brings to others.
struct EventChunks {
    /// With fewer rows it is cheaper to keep a new chunk's indexes up than to make them anew.
    private static let few = 500
    /// Of the interval by which rows for new chunks are counted, in microseconds: TimescaleDB counts a month as 30 days. Were
    /// it another, a chunk might be filled with its indexes in place, which is slower and no less right.
    private static let length: Int64 = 30 * 86_400_000_000

    /// In microseconds since 1970 UTC, in ascending order; chunks do not overlap.
    private let ranges: [Range<Int64>]
    /// The one that the last row fell into, which the next most often does too.
    private var last = 0
    private var newRows: [Int64: Int] = [:]
    /// A timestamp in each new chunk that got more than a few rows since this was emptied last.
    var grown: [Int64] = []

    init(stored: [Range<Int64>]) { ranges = stored }

    static func load(_ connection: PostgresConnection) async throws -> EventChunks {
        let rows = try await connection.query(
            """
            SELECT range_start, range_end FROM timescaledb_information.chunks
            WHERE hypertable_name = 'events'
            ORDER BY range_start
            """)
        let ranges = try rows.map { row in
            let start: PostgresTimestamp = try row.get(0)
            let end: PostgresTimestamp = try row.get(1)
            return start.microseconds..<end.microseconds
        }
        return EventChunks(stored: ranges)
    }

    /// The number of the chunk that was there before and that a row of this time goes to; nil where there is none.
    mutating func stored(_ timestamp: Int64) -> Int? {
        if last < ranges.count, ranges[last].contains(timestamp) { return last }
        var (low, high) = (0, ranges.count)
        while low < high {
            let middle = (low + high) / 2
            if ranges[middle].upperBound <= timestamp { low = middle + 1 } else { high = middle }
        }
        guard low < ranges.count, ranges[low].contains(timestamp) else { return nil }
        last = low
        return low
    }

    /// Counts a row that goes to a new chunk.
    mutating func countNew(_ timestamp: Int64) {
        let number = (timestamp - (timestamp % Self.length + Self.length) % Self.length) / Self.length
        let count = newRows[number, default: 0] + 1
        newRows[number] = count
        if count == Self.few { grown.append(timestamp) }
    }
}
