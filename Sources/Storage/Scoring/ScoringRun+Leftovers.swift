import Domain
import Postgres
import Risk

extension ScoringRun {
    /// The first day that a dataset keeps; `nil` when it keeps all.
    func firstKeptDay(of dataset: Dataset, on connection: PostgresConnection) async throws -> LocalDay? {
        guard let days = dataset.retentionDays else { return nil }
        return try await connection.query(
            "SELECT (now() AT TIME ZONE $1)::date - $2::int", [dataset.timeZone, days])[0].get(0)
    }

    /// Deletes what earlier runs made of days before the first or after the last with events, which have none any more.
    ///
    /// - Parameter days: The days of the run; `nil` when the dataset has no events.
    func deleteLeftovers(
        outside days: ClosedRange<LocalDay>?, of request: Request, on connection: PostgresConnection
    ) async throws {
        // A run of some days says nothing of the others.
        let first = request.from == nil ? days?.lowerBound : nil
        let last = request.to == nil ? days?.upperBound : nil
        let isEmpty = days == nil && request.from == nil && request.to == nil
        guard first != nil || last != nil || isEmpty else { return }
        try await connection.transaction { connection in
            for (table, before) in [
                ("daily_aggregates", 0), ("daily_scores", 0), ("daily_counts", Scoring.lookBack),
                ("kind_counts", Scoring.lookBack),
            ] {
                try await connection.query(
                    "DELETE FROM \(table) WHERE dataset = $1 AND ($4 OR day < $2::date OR day > $3::date)",
                    [request.dataset.slug, first?.advanced(by: -before), last, isEmpty])
            }
            // Last, so that the job can be ended while this waits for somebody.
            try await request.lease?.hold(on: connection)
        }
    }
}
