import Domain
import Postgres

extension Requester {
    /// Makes sure that the requester keeps the right to write to a dataset until the open transaction ends. Whoever
    /// takes the right away has to wait for that.
    ///
    /// - Throws: `StorageError` with code `.right` when the right has ended; `PostgresError`.
    func holdRight(to dataset: Slug, on connection: PostgresConnection) async throws {
        var session: Int64?
        var key: PostgresBytes?
        switch credential {
        case .session(let id): session = id
        case .key(let hash): key = PostgresBytes(hash)
        }
        let held = try await connection.query("SELECT hold_right($1, $2, $3)", [session, key, dataset])
        guard try held[0].get(0) == true else {
            throw StorageError(.right, "the right to write to \(dataset) has ended")
        }
    }
}
