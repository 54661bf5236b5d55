/// The tiles that all servers keep, in memory and in Redis.
package protocol TileCaches: Sendable {
    /// Has the tiles of a selection forgotten everywhere.
    /// - Returns: How many there were in Redis; `nil` without one.
    func forget(_ selection: TileSelection) async throws -> Int?
}
