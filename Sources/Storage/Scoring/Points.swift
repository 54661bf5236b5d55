import H3
import Postgres
import Risk

/// The events of an interval as columns: where and on which local day.
struct Points: Sendable {
    private(set) var latitudes: [Double] = []
    private(set) var longitudes: [Double] = []
    private(set) var days: [LocalDay] = []

    /// Streams the points out of the database; `connection` must be inside a transaction.
    static func load(
        _ connection: PostgresConnection, dataset: Dataset, days: ClosedRange<LocalDay>, sql: SQLFiles
    ) async throws -> Points {
        try await connection.query(
            sql[.pointsScope], [dataset.slug, dataset.timeZone, days.lowerBound, days.upperBound])
        return try await connection.copyOut(sql[.points], into: Points()) {
            (points: inout Points, row: CopyRow) throws(PostgresError) in
            var row = row
            points.days.append(LocalDay(number: try row.next(Int32.self)))
            points.longitudes.append(try row.nextDouble())
            points.latitudes.append(try row.nextDouble())
        }
    }

    /// Events by cell and day; every resolution is binned from the points themselves.
    func counts(resolution: Int) throws -> CellDayCounts {
        let cells = try latLngToCells(latitudes: latitudes, longitudes: longitudes, resolution: resolution)
        return CellDayCounts(cells: cells, days: days)
    }
}
