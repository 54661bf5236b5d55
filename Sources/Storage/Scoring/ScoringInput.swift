import Postgres
import Risk

/// What a run is made of, as one snapshot of the database shows it: the daily counts of each resolution.
struct ScoringInput: Sendable {
    let eventDays: EventDays
    /// Events that had to be read.
    private(set) var events = 0
    /// Days that had to be binned again, by resolution.
    private(set) var binned: [Int: [LocalDay: CountsStore.Day]] = [:]
    private let dataset: Dataset

    /// Reads the events of those days only that changed since their counts were kept.
    ///
    /// `connection` must be inside a transaction with one snapshot: then the versions are those of the events that are
    /// read, and whatever is committed later has another version.
    static func load(
        _ connection: PostgresConnection, _ options: PostgresOptions, dataset: Dataset, days: ClosedRange<LocalDay>,
        resolutions: [Int], sql: SQLFiles
    ) async throws -> ScoringInput {
        try await checkZone(of: dataset, on: connection)
        let eventDays = try await EventDays.load(connection, dataset: dataset.slug, days: days)
        var input = ScoringInput(eventDays: eventDays, dataset: dataset)
        var dirty: Set<LocalDay> = []
        for resolution in resolutions {
            input.binned[resolution] = [:]
            let kept = try await CountsStore(connection: connection, dataset: dataset.slug, resolution: resolution)
                .versions(days)
            dirty.formUnion(eventDays.days.lazy.filter { kept[$0] != eventDays.version(of: $0) })
        }
        let reader = PointReader(options: options, dataset: dataset, resolutions: resolutions, sql: sql)
        for bins in try await reader.read(dirty.sorted(), on: connection) { input.take(bins, resolutions) }
        return input
    }

    /// The counts at a resolution of some days and of those they look back on: those kept that are still true, and those
    /// binned now.
    func counts(
        of chosen: [LocalDay], resolution: Int, on connection: PostgresConnection
    ) async throws -> CellDayCounts {
        let wanted = Set(chosen.flatMap { day in (0...Scoring.lookBack).map { day.advanced(by: -$0) } })
        let days = eventDays.days.filter(wanted.contains)
        let binned = binned[resolution] ?? [:]
        let kept = try await CountsStore(connection: connection, dataset: dataset.slug, resolution: resolution)
            .load(days.filter { binned[$0] == nil })
        return CellDayCounts(days.compactMap { day in (binned[day] ?? kept[day]).map { (day, $0.counts) } })
    }

    private init(eventDays: EventDays, dataset: Dataset) {
        self.eventDays = eventDays
        self.dataset = dataset
    }

    private mutating func take(_ bins: PointBins, _ resolutions: [Int]) {
        events += bins.events
        for (offset, counts) in bins.counts.enumerated() {
            let day = bins.days.lowerBound.advanced(by: offset)
            guard let version = eventDays.version(of: day) else { continue }
            for (resolution, counts) in zip(resolutions, counts) {
                binned[resolution]?[day] = CountsStore.Day(version: version, counts: counts)
            }
        }
    }

    /// Days that ended at other moments would be kept as if they were of this zone.
    private static func checkZone(of dataset: Dataset, on connection: PostgresConnection) async throws {
        let rows = try await connection.query("SELECT time_zone FROM datasets WHERE slug = $1", [dataset.slug])
        guard let row = rows.first else { throw StorageError.noDataset(dataset.slug) }
        let zone: String = try row.get(0)
        guard zone == dataset.timeZone else {
            throw StorageError(
                .busy, "the time zone of \(dataset.slug) is \(zone) now, not \(dataset.timeZone): run again")
        }
    }
}
