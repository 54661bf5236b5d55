package import Domain
import Postgres

extension RunStore {
    /// The order of a run that brings the scores of a dataset up to date: with the normalization of its newest run, and
    /// with that run's first and last day where it left out days with events.
    ///
    /// - Returns: `nil` when the dataset has no scores.
    /// - Throws: What ``QueryRunner/query(_:_:)`` throws.
    package static func orderLikeNewest(
        of dataset: Dataset, on database: any QueryRunner
    ) async throws -> RunOrder? {
        let rows = try await database.query(
            """
            SELECT normalization, from_day, to_day,
                (SELECT (min(event_timestamp) AT TIME ZONE $2)::date FROM events WHERE dataset = $1) AS first_day,
                (SELECT (max(event_timestamp) AT TIME ZONE $2)::date FROM events WHERE dataset = $1) AS last_day
            FROM run_scales
            WHERE dataset = $1
            ORDER BY run DESC
            LIMIT 1
            """, [dataset.slug, dataset.timeZone])
        guard var fields = rows.first?.fields else { return nil }
        let normalization = Normalization(rawValue: try fields.next("normalization")) ?? .minmax
        let from: LocalDay = try fields.next("from_day")
        let to: LocalDay = try fields.next("to_day")
        let first: LocalDay? = try fields.next("first_day")
        let last: LocalDay? = try fields.next("last_day")
        var order = RunOrder(
            dataset: dataset.slug, resolutions: dataset.resolutions, normalization: normalization)
        // Days that the newest run left out stay out, such as those of a few early records.
        if let first, let last, from <= last, first <= to {
            order.from = from > first ? from : nil
            order.to = to < last ? to : nil
        }
        return order
    }
}
