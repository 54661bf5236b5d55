import Domain
import Postgres

/// The days of the rows that one transaction writes, collected while it writes and marked before it commits.
struct DirtyDays: Sendable {
    /// Hours since 1970-01-01T00:00Z that contain such rows.
    private var hours: Set<Int64> = []
    /// The hour of the last row. Rows mostly come in the order of time, so the next one is most often in the same hour.
    private var last: Int64?

    private static let hour = 3600 * Instant.microsecondsPerSecond

    /// Adds the time of a row.
    mutating func add(_ timestamp: Instant) {
        let number = timestamp.microseconds.floorDivided(by: Self.hour).quotient
        guard number != last else { return }
        hours.insert(number)
        last = number
    }

    mutating func add(_ others: DirtyDays) { hours.formUnion(others.hours) }

    /// Marks the days as changed, so that the next run bins them again. It must run inside the transaction that writes
    /// the rows.
    ///
    /// It must be called once, as the last statement before COMMIT, because others who mark the same days wait from
    /// here on. An hour that contains midnight marks both days, which costs no more than binning an unchanged day. Rows
    /// that are deleted or moved by UPDATE need no mark from here, because a trigger sets it.
    func mark(_ dataset: Slug, on connection: PostgresConnection) async throws {
        guard !hours.isEmpty else { return }
        try await connection.query("SELECT mark_event_days($1, $2)", [dataset, PostgresArray(moments)])
    }

    /// Instants of which at least one lies in each local day that the hours touch, in any time zone: the first and last
    /// of consecutive hours and one every six hours, since no day is shorter than that.
    private var moments: [Instant] {
        var moments: [Int64] = []
        for hour in hours {
            if hour % 6 == 0 || !hours.contains(hour - 1) { moments.append(hour * Self.hour) }
            if !hours.contains(hour + 1) { moments.append((hour + 1) * Self.hour - 1) }
        }
        return moments.map(Instant.init(microseconds:))
    }
}
