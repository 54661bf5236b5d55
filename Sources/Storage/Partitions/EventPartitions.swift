import Domain
import Postgres

/// The partitions that the hypertable `events` had before a batch, and the number of rows for partitions it did not
/// have.
struct EventPartitions {
    /// With fewer rows, updating a new partition's indexes is cheaper than building them at the end.
    private static let few = 500
    /// The interval by which rows for new partitions are counted, in microseconds. TimescaleDB counts a month as 30
    /// days. With a wrong value a partition might be filled with its indexes in place, which is slower but still
    /// correct.
    private static let length = 30 * Instant.microsecondsPerDay

    /// The intervals of the partitions, ascending and without overlap.
    private let ranges: [Range<Instant>]
    /// The partition of the last row, which is most often that of the next row too.
    private var last = 0
    private var newRows: [Int64: Int] = [:]
    /// A timestamp in each new partition that got more than a few rows since this array was last emptied.
    var grown: [Instant] = []

    init(stored: [Range<Instant>]) { ranges = stored }

    static func load(_ connection: PostgresConnection) async throws -> EventPartitions {
        EventPartitions(stored: try await ranges(connection))
    }

    /// The intervals of all partitions, ascending and without overlap.
    static func ranges(_ connection: PostgresConnection) async throws -> [Range<Instant>] {
        try await connection.query(
            """
            SELECT range_start, range_end FROM timescaledb_information.chunks
            WHERE hypertable_schema = 'public' AND hypertable_name = 'events'
            ORDER BY range_start
            """
        ).map { row in
            var fields = row.fields
            let start: Instant = try fields.next("range_start")
            return start..<(try fields.next("range_end"))
        }
    }

    /// The number of the existing partition for a row of this time; nil where there is none.
    mutating func stored(_ timestamp: Instant) -> Int? {
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

    /// Counts a row for a new partition.
    mutating func countNew(_ timestamp: Instant) {
        let number = timestamp.microseconds.floorDivided(by: Self.length).quotient
        let count = newRows[number, default: 0] + 1
        newRows[number] = count
        if count == Self.few { grown.append(timestamp) }
    }
}

extension BatchWriter {
    /// Drops the indexes of grown partitions that this transaction created. They are built when all rows are there,
    /// which costs a fraction of updating them row by row. Nobody else sees such a partition before the batch is
    /// committed.
    ///
    /// TimescaleDB does not regard an index that is built on a partition as part of the hypertable's index. A migration
    /// that drops an index of `events` therefore has to drop those of the same name on the partitions too.
    func takeIndexesAway() async throws {
        let timestamps = partitions.grown
        partitions.grown = []
        let indexes = try await lead.connection.query(
            sql[.batchNewPartitionIndexes], [PostgresArray(timestamps)])
        guard indexes.count > 0 else { return }
        var names: [String] = []
        for index in indexes {
            var fields = index.fields
            names.append(try fields.next("name"))
            indexDefinitions.append(try fields.next("definition"))
        }
        try await lead.connection.execute("DROP INDEX \(names.joined(separator: ", "))")
    }

    func buildIndexes() async throws {
        guard !indexDefinitions.isEmpty else { return }
        try await lead.connection.execute(indexDefinitions.joined(separator: ";\n"))
        indexDefinitions = []
    }
}
