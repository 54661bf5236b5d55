package import Tiles

/// The messages with which servers tell each other to forget tiles, sent with NOTIFY to every connection that listens.
package enum CacheMessages {
    static let channel = "hextant_cache"

    /// Tells every running server to forget tiles.
    /// - Throws: What ``QueryRunner/query(_:_:)`` throws.
    package static func tell(_ selection: TileSelection, by database: any QueryRunner) async throws {
        _ = try await database.query("SELECT pg_notify($1, $2)", [channel, selection.message])
    }
}
