import Synchronization
import Tiles

/// Remembers which tile an address asked for, so that the same address need not be read again.
///
/// The meaning of an address depends on the dataset, so what is remembered holds for one edition of it.
final class TileAddressBook: Sendable {
    struct Entry {
        let key: TileKey
        /// The dataset as the address names it; `nil` where it leaves it to the default.
        let dataset: String?
        /// Edition of that dataset by which the address was understood.
        let edition: UInt64
        /// Template of the route that the address belongs to.
        let route: String
        /// What is counted when it is asked for again; `nil` where nobody counts.
        var asked: TileRequest?
    }

    /// Addresses of more bytes are not remembered: who writes one by hand is not in a hurry.
    private static let longestTarget = 256

    private let entries: Mutex<Sieve<String, Entry>>

    /// - Parameter limit: Addresses at most; one takes some 500 bytes.
    init(limit: Int = 65_536) {
        entries = Mutex(Sieve(limit: limit))
    }

    /// Entry of an address; it is for the caller to see whether its edition still holds.
    /// - Parameter target: Path and query as they were sent.
    func entry(_ target: String) -> Entry? {
        entries.withLock { $0.value(target) }
    }

    /// Remembers what an address asked for. It must have been asked without any right, for anybody is answered by it;
    /// points of events take one, so tiles with them are not remembered.
    func remember(_ target: String, _ entry: Entry) {
        guard target.utf8.count <= Self.longestTarget, entry.key.layers == .risk else { return }
        _ = entries.withLock { $0.set(target, entry, cost: 1) }
    }
}
