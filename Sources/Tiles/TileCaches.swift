/// The tile caches of all servers, in memory and in Redis.
package protocol TileCaches: Sendable {
    /// Removes the tiles of a selection from all caches.
    /// - Returns: How many there were in Redis; `nil` without Redis.
    func forget(_ selection: TileSelection) async throws -> Int?

    /// Removes all tiles and all other answers from all caches.
    /// - Returns: How many of each there were in Redis; `nil` without Redis.
    func clear() async throws -> (tiles: Int, answers: Int)?
}
