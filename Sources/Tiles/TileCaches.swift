/// The tile caches of all servers, in memory and in Redis.
package protocol TileCaches: Sendable {
    /// Removes the tiles of a selection from all caches.
    /// - Returns: How many there were in Redis; `nil` without Redis.
    func forget(_ selection: TileSelection) async throws -> Int?
}
