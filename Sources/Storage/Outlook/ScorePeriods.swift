package import Domain
package import H3
package import Postgres

/// The highest score of each cell in the periods of an outlook, and the days on which it was flagged.
package struct ScorePeriods: Sendable {
    /// By cell, for each period in the order of ``OutlookPeriod``: the highest score, -1 without one, and the days.
    package let byCell: [H3Cell: (maxScores: [Double], daysFlagged: [Int32])]

    /// - Parameter asOf: The last day of the periods.
    /// - Throws: What ``QueryRunner/query(_:_:)`` throws.
    package static func load(
        dataset: Slug, resolution: Int, asOf: LocalDay, sql: SQLFiles, on connection: PostgresConnection
    ) async throws -> ScorePeriods {
        let rows = try await connection.query(
            sql[.scorePeriods], [dataset, Int16(clamping: resolution), asOf])
        var byCell: [H3Cell: (maxScores: [Double], daysFlagged: [Int32])] = [:]
        byCell.reserveCapacity(rows.count)
        for row in rows {
            var fields = row.fields
            let cell: H3Cell = try fields.next("h3_index")
            byCell[cell] = (
                try PackedArray.next("max_scores", of: &fields, as: UInt64.self).map(Double.init(bitPattern:)),
                try PackedArray.next("days_flagged", of: &fields, as: Int32.self)
            )
        }
        return ScorePeriods(byCell: byCell)
    }
}
