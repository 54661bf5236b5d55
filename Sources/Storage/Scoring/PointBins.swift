import Binning
import H3
import Postgres
import Risk

/// Events of a few consecutive days, binned to the cells of several resolutions as they come.
struct PointBins: Sendable {
    private let days: ClosedRange<LocalDay>
    private let resolutions: [Int]
    /// Cells of the events, by resolution and then by day.
    private var cells: [[UInt64]]
    private(set) var events = 0
    private var longitudes: [Double] = []
    private var latitudes: [Double] = []
    private var offsets: [Int] = []
    /// Points that H3 gets at a time.
    private static let batchSize = 8192
    /// A point that cannot be binned, told once the stream is over.
    private var failure: H3Error?

    private init(days: ClosedRange<LocalDay>, resolutions: [Int]) {
        self.days = days
        self.resolutions = resolutions
        cells = Array(repeating: [], count: resolutions.count * (days.lowerBound.distance(to: days.upperBound) + 1))
        longitudes.reserveCapacity(Self.batchSize)
        latitudes.reserveCapacity(Self.batchSize)
        offsets.reserveCapacity(Self.batchSize)
    }

    /// Streams the points of the days out of the database and bins them.
    static func load(
        _ connection: PostgresConnection, dataset: Dataset, days: ClosedRange<LocalDay>, resolutions: [Int],
        sql: SQLFiles
    ) async throws -> PointBins {
        let copy: String = try await connection.query(
            sql[.points], [dataset.slug, dataset.timeZone, days.lowerBound, days.upperBound])[0].get(0)
        let empty = PointBins(days: days, resolutions: resolutions)
        var bins = try await connection.copyOut(copy, into: empty) {
            (bins: inout PointBins, row: CopyRow) throws(PostgresError) in
            var row = row
            let day = LocalDay(number: try row.next(Int32.self))
            guard bins.days.contains(day) else { return }
            bins.offsets.append(bins.days.lowerBound.distance(to: day))
            bins.longitudes.append(try row.nextDouble())
            bins.latitudes.append(try row.nextDouble())
            if bins.offsets.count == batchSize { bins.bin() }
        }
        bins.bin()
        if let failure = bins.failure { throw failure }
        return bins
    }

    /// What a day came to at the resolution of an index.
    func counts(_ day: LocalDay, resolution index: Int) -> DayCounts {
        DayCounts(points: cells[slot(index, days.lowerBound.distance(to: day))])
    }

    private func slot(_ resolution: Int, _ offset: Int) -> Int {
        resolution * (days.lowerBound.distance(to: days.upperBound) + 1) + offset
    }

    private mutating func bin() {
        do throws(H3Error) {
            for (index, resolution) in resolutions.enumerated() {
                let batch = try CellBinning.latLngToCells(
                    latitudes: latitudes, longitudes: longitudes, resolution: Resolution(resolution))
                for (cell, offset) in zip(batch, offsets) { cells[slot(index, offset)].append(cell) }
            }
        } catch {
            failure = error
        }
        events += offsets.count
        longitudes.removeAll(keepingCapacity: true)
        latitudes.removeAll(keepingCapacity: true)
        offsets.removeAll(keepingCapacity: true)
    }
}
