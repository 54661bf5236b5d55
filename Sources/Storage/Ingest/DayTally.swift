import Domain
import Postgres

/// The rows that one transaction writes, counted by local day and type while it writes, and stored before it commits.
struct DayTally: Sendable {
    private struct Entry {
        var count = 0
        var first = Instant.latest
        var last = Instant.earliest
    }

    private let zone: ZoneOffsets
    private var places: [UInt64: Int] = [:]
    private var keys: [UInt64] = []
    private var entries: [Entry] = []
    /// The place of the last row's entry. Rows mostly come in the order of time, so the next one has often the same.
    private var last = 0

    /// - Parameter zone: The time zone of the dataset, in which days begin.
    init(zone: ZoneOffsets) { self.zone = zone }

    /// Adds a row.
    ///
    /// - Parameters:
    ///   - timestamp: Its time.
    ///   - kind: The number of its type.
    mutating func add(_ timestamp: Instant, kind: Int) {
        let key = UInt64(UInt32(bitPattern: zone.day(of: timestamp).number)) << 32 | UInt64(kind)
        if last >= keys.count || keys[last] != key {
            if let place = places[key] {
                last = place
            } else {
                last = keys.count
                places[key] = last
                keys.append(key)
                entries.append(Entry())
            }
        }
        entries[last].count += 1
        entries[last].first = min(entries[last].first, timestamp)
        entries[last].last = max(entries[last].last, timestamp)
    }

    /// Marks the days as changed, so that the next run bins them again, and adds the rows to their counts. It must run
    /// inside the transaction that writes the rows.
    ///
    /// It must be called once, as the last statement before COMMIT, because others who mark the same days wait from
    /// here on. The database knows the same time zones by other tables: it looks whether the first and the last row of
    /// each count are on the day, and leaves a day without counts where they are not.
    func store(_ dataset: Slug, _ kinds: KindTable, on connection: PostgresConnection) async throws {
        guard !keys.isEmpty else { return }
        try await connection.query(
            "SELECT count_events($1, $2, $3, $4, $5, $6)",
            [
                dataset,
                PostgresArray(keys.map { LocalDay(number: Int32(bitPattern: UInt32($0 >> 32))) }),
                PostgresArray(keys.map { kinds[Int($0 & 0xFFFF_FFFF)] }), PostgresArray(entries.map(\.count)),
                PostgresArray(entries.map(\.first)), PostgresArray(entries.map(\.last)),
            ])
    }
}
