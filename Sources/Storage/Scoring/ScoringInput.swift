import Domain
import Postgres
import Risk

/// The input of a run, read from one snapshot of the database: the daily counts at each resolution.
struct ScoringInput: Sendable {
    let eventDays: EventDays
    /// The number of events that were read.
    private(set) var events = 0
    /// The days that were binned again, by resolution.
    private(set) var binned: [Int: [LocalDay: CountsStore.Day]] = [:]
    private let dataset: Dataset

    /// Reads the events of those days only that changed since their counts were stored.
    ///
    /// `connection` must be inside a transaction with one snapshot. Then the versions belong to the events that are
    /// read, and whatever is committed later has another version.
    ///
    /// - Parameter only: The days among `days` whose events are read if they changed; `nil` for all.
    static func load(
        _ connection: PostgresConnection, _ options: PostgresOptions, dataset: Dataset, days: ClosedRange<LocalDay>,
        only: Set<LocalDay>? = nil, resolutions: [Int], sql: SQLFiles
    ) async throws -> ScoringInput {
        try await checkZone(of: dataset, on: connection)
        let eventDays = try await EventDays.load(connection, dataset: dataset.slug, days: days)
        var input = ScoringInput(eventDays: eventDays, dataset: dataset)
        var dirty: Set<LocalDay> = []
        for resolution in resolutions {
            input.binned[resolution] = [:]
            let kept = try await CountsStore(connection: connection, dataset: dataset.slug, resolution: resolution)
                .versions(days)
            dirty.formUnion(
                eventDays.days.lazy.filter {
                    kept[$0] != eventDays.version(of: $0) && only?.contains($0) ?? true
                })
        }
        let reader = PointReader(options: options, dataset: dataset, resolutions: resolutions, sql: sql)
        for bins in try await reader.read(dirty.sorted(), on: connection) { input.take(bins, resolutions) }
        return input
    }

    /// The counts at a resolution of some days and of the days they look back on: stored counts that are still valid,
    /// and those binned now.
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

    /// Checks that the time zone is unchanged. Otherwise days with other boundaries would be stored as days of this
    /// zone.
    static func checkZone(of dataset: Dataset, on connection: PostgresConnection) async throws {
        let rows = try await connection.query("SELECT time_zone FROM datasets WHERE slug = $1", [dataset.slug])
        guard let row = rows.first else { throw StorageError.noDataset(dataset.slug) }
        let zone: String = try row.get(0)
        guard zone == dataset.timeZone else {
            throw StorageError(
                .busy, "the time zone of \(dataset.slug) changed from \(dataset.timeZone) to \(zone): run again")
        }
    }
}
