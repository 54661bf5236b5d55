import Caching
import NIOCore
import Synchronization

/// The tiles in the memory of this process, bounded by their size.
///
/// A key has one tile, the last good one. It is used as an answer while the view it was made from is served, and no
/// longer than its time to live. After that it is used only when no newer tile can be made.
///
/// There is one lock, held for an operation on a table and never over an await.
package final class TileCache: Sendable {
    private struct Kept {
        let tile: Tile
        let since: ContinuousClock.Instant
    }

    private struct State {
        var tiles: Sieve<TileKey, Kept>
        var evicted = 0
    }

    /// The memory that a tile takes besides its bytes: its key, tag, place in the tables and the heads of its
    /// allocations.
    private static let overhead = 512

    private let timeToLive: Duration
    private let staleAge: Duration
    private let state: Mutex<State>

    /// - Parameters:
    ///   - byteLimit: The largest total size of the tiles and their overhead, in bytes.
    ///   - timeToLive: How long a tile is used as an answer.
    ///   - staleAge: How long it may stand in for one that cannot be made.
    package init(byteLimit: Int, timeToLive: Duration, staleAge: Duration = .seconds(3600)) {
        self.timeToLive = timeToLive
        self.staleAge = staleAge
        state = Mutex(State(tiles: Sieve(limit: byteLimit)))
    }

    /// The tile of the served view; `nil` when there is none, it was made from another generation, or it is too old.
    package func tile(_ key: TileKey, generation: Int64) -> Tile? {
        guard let kept = kept(key), kept.tile.generation == generation, .now - kept.since < timeToLive else {
            return nil
        }
        return kept.tile
    }

    /// The last good tile of any generation, marked as stale.
    func lastGood(_ key: TileKey) -> Tile? {
        guard let kept = kept(key), .now - kept.since < staleAge else { return nil }
        var tile = kept.tile
        tile.isStale = true
        return tile
    }

    /// Keeps a tile, unless one of a newer generation is kept.
    func keep(_ tile: Tile, _ key: TileKey) {
        if tile.isStale { return }
        var tile = tile
        // Copies the bytes, because the buffer may be part of a larger one and would keep all of that.
        tile.gzip = ByteBuffer(bytes: tile.gzip.readableBytesView)
        let kept = Kept(tile: tile, since: .now)
        let cost = tile.gzip.readableBytes + Self.overhead
        state.withLock { state in
            if let old = state.tiles.value(key), old.tile.generation > tile.generation { return }
            state.evicted += state.tiles.set(key, kept, cost: cost)
        }
    }

    package func removeAll() {
        state.withLock { $0.tiles.removeAll() }
    }

    /// Removes the tiles of a selection, including those that could stand in for a newer one.
    /// - Returns: How many tiles were removed.
    @discardableResult
    package func forget(_ selection: TileSelection) -> Int {
        state.withLock { state in
            state.tiles.removeAll { selection.covers(dataset: $0.dataset, $0.address) }
        }
    }

    /// The number and size of the tiles kept now, and how many were evicted since the start.
    package var load: (tiles: Int, bytes: Int, evicted: Int) {
        state.withLock { ($0.tiles.count, $0.tiles.cost, $0.evicted) }
    }

    private func kept(_ key: TileKey) -> Kept? {
        state.withLock { $0.tiles.value(key) }
    }
}
