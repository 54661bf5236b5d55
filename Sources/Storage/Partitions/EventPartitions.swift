import Domain
import Postgres

/// The partitions that the hypertable `events` had before a batch, and those that the batch makes.
struct EventPartitions {
    /// With fewer rows, updating a new partition's indexes is cheaper than building them at the end.
    private static let few = 500
    /// The narrowest width of a partition, in microseconds. All others are multiples of it.
    private static let narrowest = 30 * Instant.microsecondsPerDay

    /// The intervals of the partitions, ascending and without overlap.
    private let ranges: [Range<Instant>]
    /// The partition of the last row, which is most often that of the next row too.
    private var last = 0
    /// The intervals of the partitions made by the batch, ascending, and how many rows each has got.
    private var made: [(range: Range<Instant>, rows: Int)] = []
    private var lastMade = 0
    /// A timestamp in each new partition that got more than a few rows since this array was last emptied.
    var grown: [Instant] = []

    init(stored: [Range<Instant>]) { ranges = stored }

    static func load(_ connection: PostgresConnection) async throws -> EventPartitions {
        EventPartitions(stored: try await ranges(connection))
    }

    /// The intervals of all partitions that have some of a time, ascending and without overlap.
    static func ranges(
        _ connection: PostgresConnection, in times: Range<Instant> = Instant.earliest..<Instant.latest
    ) async throws -> [Range<Instant>] {
        try await connection.query(
            """
            SELECT range_start, range_end FROM timescaledb_information.chunks
            WHERE hypertable_schema = 'public' AND hypertable_name = 'events' AND range_end > $1 AND range_start < $2
            ORDER BY range_start
            """, [times.lowerBound, times.upperBound]
        ).map(Self.range)
    }

    /// The number of the existing partition for a row of this time; nil where there is none.
    mutating func stored(_ timestamp: Instant) -> Int? {
        if last < ranges.count, ranges[last].contains(timestamp) { return last }
        guard let found = Self.place(of: timestamp, in: ranges.count, { ranges[$0] }) else { return nil }
        last = found
        return found
    }

    /// Whether there is no partition for a row of this time, neither an old nor a new one.
    mutating func isMissing(_ timestamp: Instant) -> Bool {
        guard stored(timestamp) == nil else { return false }
        return new(timestamp) == nil
    }

    /// Makes the partitions for rows that have none, by the leading connection of the batch.
    ///
    /// - Parameter timestamps: The times of these rows.
    mutating func make(for timestamps: [Instant], on connection: PostgresConnection) async throws {
        // One time is enough for each of the narrowest partitions.
        var moments: [Int64: Instant] = [:]
        for timestamp in timestamps {
            moments[timestamp.microseconds.floorDivided(by: Self.narrowest).quotient] = timestamp
        }
        let ranges = try await connection.query(
            "SELECT range_start, range_end FROM make_event_partitions($1)", [PostgresArray(Array(moments.values))]
        ).map(Self.range)
        made += ranges.map { (range: $0, rows: 0) }
        made.sort { $0.range.lowerBound < $1.range.lowerBound }
        lastMade = 0
    }

    /// Counts a row for a new partition.
    mutating func countNew(_ timestamp: Instant) {
        guard let place = new(timestamp) else { return }
        made[place].rows += 1
        if made[place].rows == Self.few { grown.append(timestamp) }
    }

    private mutating func new(_ timestamp: Instant) -> Int? {
        if lastMade < made.count, made[lastMade].range.contains(timestamp) { return lastMade }
        guard let found = Self.place(of: timestamp, in: made.count, { made[$0].range }) else { return nil }
        lastMade = found
        return found
    }

    private static func place(of timestamp: Instant, in count: Int, _ range: (Int) -> Range<Instant>) -> Int? {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if range(middle).upperBound <= timestamp { low = middle + 1 } else { high = middle }
        }
        return low < count && range(low).contains(timestamp) ? low : nil
    }

    private static func range(_ row: PostgresRow) throws -> Range<Instant> {
        var fields = row.fields
        let start: Instant = try fields.next("range_start")
        return start..<(try fields.next("range_end"))
    }
}

extension BatchWriter {
    /// Makes the partitions for rows whose times have none yet.
    func makePartitions(for chunk: EventChunk) async throws {
        guard scope.identity == .file else { return }
        var timestamps: [Instant] = []
        for row in 0..<chunk.count where chunk.eventIDs.range(at: row).isEmpty {
            let timestamp = chunk.timestamps[row]
            guard partitions.isMissing(timestamp), !known.rows.contains(chunk.rowNumbers[row]) else { continue }
            timestamps.append(timestamp)
        }
        guard !timestamps.isEmpty else { return }
        try await lead.endCopy()
        var made = partitions
        try await made.make(for: timestamps, on: lead.connection)
        partitions = made
    }

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
