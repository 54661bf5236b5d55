import Postgres

/// The days that rows of one transaction enter, gathered while they are written and marked before it commits.
struct DirtyDays: Sendable {
    /// Hours since 1970-01-01T00:00Z that hold such rows.
    private var hours: Set<Int64> = []
    /// Rows mostly come in the order of time, so most fall into the hour of the one before.
    private var last: Int64?

    private static let hour: Int64 = 3_600_000_000

    /// Takes in the time of a row, in microseconds since 1970.
    mutating func add(_ timestamp: Int64) {
        let number = (timestamp >= 0 ? timestamp : timestamp - Self.hour + 1) / Self.hour
        guard number != last else { return }
        hours.insert(number)
        last = number
    }

    mutating func add(_ others: DirtyDays) { hours.formUnion(others.hours) }

    /// Marks the days, so that the next run bins them again; inside the transaction that writes the rows.
    ///
    /// To be called once, as the last thing before COMMIT: others who mark the same days wait from here on. An hour that
    /// midnight falls into marks both of its days, at no more cost than binning one that is as it was. Rows that are
    /// deleted or moved by UPDATE need no mark from here: a trigger sets it.
    func mark(_ dataset: String, on connection: PostgresConnection) async throws {
        guard !hours.isEmpty else { return }
        try await connection.query("SELECT mark_event_days($1, $2)", [dataset, PostgresArray(moments)])
    }

    /// One at least in each local day that the hours touch, whatever the zone: of hours in a row the first and the last moment
    /// and one every six hours, which no day is shorter than.
    private var moments: [PostgresTimestamp] {
        var moments: [Int64] = []
        for hour in hours {
            if hour % 6 == 0 || !hours.contains(hour - 1) { moments.append(hour * Self.hour) }
            if !hours.contains(hour + 1) { moments.append((hour + 1) * Self.hour - 1) }
        }
        return moments.map(PostgresTimestamp.init(microseconds:))
    }
}
