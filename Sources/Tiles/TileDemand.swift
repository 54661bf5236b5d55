import Caching
import Synchronization

/// Counts the tiles that clients request, until the counts are taken.
///
/// There is one lock, held for one count and never over an await.
package final class TileDemand: Sendable {
    /// How many tiles are counted; each takes about 200 bytes.
    private static let room = 4096

    private let fresh = Mutex(FrequentItems<TileRequest>(room: room))

    package init() {}

    package func count(_ request: TileRequest) {
        fresh.withLock { $0.add(request) }
    }

    /// The counts since the last time.
    package func take() -> [TileRequest: Int] {
        fresh.withLock { fresh in
            defer { fresh = FrequentItems(room: Self.room) }
            return fresh.counts
        }
    }
}
