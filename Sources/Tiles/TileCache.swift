import NIOCore
import Synchronization

/// The tiles that this process keeps, bounded by their bytes.
///
/// A key has one tile, the last good one. It is an answer while the view that it was made from is the served one and
/// for at most the time to live; afterwards it is there for when no newer one can be made.
///
/// One lock, held for a look at a table and never over an await.
package final class TileCache: Sendable {
    private struct Kept {
        let tile: Tile
        let since: ContinuousClock.Instant
    }

    private struct State {
        var tiles: Sieve<TileKey, Kept>
        var evicted = 0
    }

    /// What a tile costs besides its bytes: its key, tag, place in the tables and the heads of its allocations.
    private static let overhead = 512

    private let timeToLive: Duration
    private let staleAge: Duration
    private let state: Mutex<State>

    /// - Parameters:
    ///   - byteLimit: Bytes of tiles and what they cost besides, at most.
    ///   - timeToLive: How long a tile is an answer.
    ///   - staleAge: How long it may stand in for one that cannot be made.
    package init(byteLimit: Int, timeToLive: Duration, staleAge: Duration = .seconds(3600)) {
        self.timeToLive = timeToLive
        self.staleAge = staleAge
        state = Mutex(State(tiles: Sieve(limit: byteLimit)))
    }

    /// The tile of the served view; `nil` when there is none, or it was made from another version, or it is too old.
    package func tile(_ key: TileKey, generation: Int64) -> Tile? {
        guard let kept = kept(key), kept.tile.generation == generation, .now - kept.since < timeToLive else {
            return nil
        }
        return kept.tile
    }

    /// The last good tile of any version, marked as stale.
    func lastGood(_ key: TileKey) -> Tile? {
        guard let kept = kept(key), .now - kept.since < staleAge else { return nil }
        var tile = kept.tile
        tile.isStale = true
        return tile
    }

    /// Keeps a tile, unless one of a newer version is kept.
    func keep(_ tile: Tile, _ key: TileKey) {
        if tile.isStale { return }
        var tile = tile
        // Of its own exact size: the buffer may be a part of a larger one, which it would hold on to.
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

    /// Forgets the tiles of a selection, those that could stand in for a newer one included.
    /// - Returns: How many there were.
    @discardableResult
    package func forget(_ selection: TileSelection) -> Int {
        state.withLock { state in
            state.tiles.removeAll { selection.covers(dataset: $0.dataset, $0.address) }
        }
    }

    /// What is kept now, and how many tiles had to go to make room since the start.
    package var load: (tiles: Int, bytes: Int, evicted: Int) {
        state.withLock { ($0.tiles.count, $0.tiles.cost, $0.evicted) }
    }

    private func kept(_ key: TileKey) -> Kept? {
        state.withLock { $0.tiles.value(key) }
    }
}
