import Synchronization

/// Counts which tiles clients ask for, until somebody takes the counts.
///
/// One lock, held for one count and never over an await.
package final class TileDemand: Sendable {
    /// One takes some 200 bytes.
    private static let room = 4096

    private let fresh = Mutex(FrequentItems<TileRequest>(room: room))

    package init() {}

    package func count(_ request: TileRequest) {
        fresh.withLock { $0.add(request) }
    }

    /// What was counted since the last time.
    package func take() -> [TileRequest: Int] {
        fresh.withLock { fresh in
            defer { fresh = FrequentItems(room: Self.room) }
            return fresh.counts
        }
    }
}
