package import Tiles

/// By which servers tell each other to forget tiles: NOTIFY, which reaches every session that listens.
package enum CacheMessages {
    static let channel = "hextant_cache"

    /// Tells every server that is there.
    package static func tell(_ selection: TileSelection, by database: any QueryRunner) async throws {
        _ = try await database.query("SELECT pg_notify($1, $2)", [channel, selection.message])
    }
}
