import Domain
import Postgres

/// A look at some events of a file before they are stored: whether the dataset has most of them already.
struct BatchSample: Sendable {
    private static let most = 200

    let compared: Int
    let stored: Int

    /// Compares events without an id, spread over an event chunk, with those of the dataset.
    ///
    /// - Parameter rows: The rows of the event chunk that may be compared, at least one.
    init(
        _ rows: [Int], of chunk: EventChunk, dataset: Slug, on connection: PostgresConnection, sql: SQLFiles
    ) async throws {
        let step = max(1, rows.count / Self.most)
        let chosen = stride(from: 0, to: rows.count, by: step).map { rows[$0] }
        let times = chosen.map { chunk.timestamps[$0] }
        let found = try await connection.query(
            sql[.batchSample],
            [
                dataset, PostgresArray(times),
                PostgresArray(chosen.map { chunk.eventTypes[$0] }), PostgresArray(chosen.map { chunk.longitudes[$0] }),
                PostgresArray(chosen.map { chunk.latitudes[$0] }), PostgresArray(chosen.map { chunk.attributes[$0] }),
                times.min() ?? .earliest, times.max() ?? .earliest,
            ])
        compared = chosen.count
        stored = try found[0].get(0)
    }

    /// A remark for the sender when most of the events are stored already.
    var note: String? {
        guard stored * 2 > compared else { return nil }
        return
            "\(stored) of \(compared) events that were compared are stored already, from another file. If each file is "
            + "the whole list again with some new rows, put `identity: content` into the mapping: then only the new "
            + "rows are stored."
    }
}
