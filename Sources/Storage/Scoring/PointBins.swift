import Binning
import Domain
import H3
import Postgres
import Risk

/// Counts the events of a few consecutive days by cell at several resolutions, as they are read.
struct PointBins: Sendable {
    let days: ClosedRange<LocalDay>
    /// The counts of each day at each resolution.
    private(set) var counts: [[DayCounts]] = []
    private(set) var events = 0
    private let clock: LocalClock
    private let resolutions: [Int]
    /// The tallies, by day and then by resolution.
    private var tallies: [CellTally]
    private var longitudes: [Double] = []
    private var latitudes: [Double] = []
    private var offsets: [Int] = []
    /// How many points are handed to H3 at a time.
    private static let pointsAtOnce = 8192
    /// The error of a point that could not be binned, thrown when the stream has ended.
    private var failure: H3Error?

    private init(days: ClosedRange<LocalDay>, resolutions: [Int], clock: LocalClock) {
        self.days = days
        self.resolutions = resolutions
        self.clock = clock
        tallies = Array(
            repeating: CellTally(), count: resolutions.count * (days.lowerBound.distance(to: days.upperBound) + 1))
        longitudes.reserveCapacity(Self.pointsAtOnce)
        latitudes.reserveCapacity(Self.pointsAtOnce)
        offsets.reserveCapacity(Self.pointsAtOnce)
    }

    /// Reads the points of the days from the database and bins them on the connection's thread.
    /// - Parameter types: The types of the events; `nil` for all.
    static func load(
        _ connection: PostgresConnection, dataset: Dataset, days: ClosedRange<LocalDay>, resolutions: [Int],
        types: [String]? = nil, sql: SQLFiles
    ) async throws -> PointBins {
        let clock = try await LocalClock.load(connection, timeZone: dataset.timeZone, days: days, sql: sql)
        let moments = clock.moments(of: days)
        let copy: String = try await connection.query(
            sql[.points],
            [
                dataset.slug, moments.lowerBound, moments.upperBound, types.map { PostgresArray($0) },
            ])[0].get(0)
        let empty = PointBins(days: days, resolutions: resolutions, clock: clock)
        var bins = try await connection.copyOut(copy, into: empty) {
            (bins: inout PointBins, row: CopyRow) throws(PostgresError) in
            try bins.add(row)
        }
        bins.bin()
        if let failure = bins.failure { throw failure }
        bins.count()
        return bins
    }

    private mutating func add(_ row: CopyRow) throws(PostgresError) {
        var row = row
        let day = clock.day(Instant(microseconds: try row.next(Int64.self) &+ PostgresTimestamp.epoch))
        guard days.contains(day) else { return }
        guard let field = row.nextField(), let point = EWKB.point(field) else {
            throw PostgresError(.decoding, "a geometry of events is not a point")
        }
        offsets.append(days.lowerBound.distance(to: day))
        longitudes.append(point.longitude)
        latitudes.append(point.latitude)
        if offsets.count == Self.pointsAtOnce { bin() }
    }

    private mutating func bin() {
        do throws(H3Error) {
            for (index, resolution) in resolutions.enumerated() {
                let cells = try CellBinning.latLngToCells(
                    latitudes: latitudes, longitudes: longitudes, resolution: Resolution(resolution))
                for (cell, offset) in zip(cells, offsets) { tallies[offset * resolutions.count + index].add(cell) }
            }
        } catch {
            failure = error
        }
        events += offsets.count
        longitudes.removeAll(keepingCapacity: true)
        latitudes.removeAll(keepingCapacity: true)
        offsets.removeAll(keepingCapacity: true)
    }

    private mutating func count() {
        counts = stride(from: 0, to: tallies.count, by: resolutions.count).map { start in
            tallies[start..<start + resolutions.count].map(\.dayCounts)
        }
        tallies = []
    }
}
