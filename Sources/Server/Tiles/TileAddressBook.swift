import Caching
import Domain
import Synchronization
import Tiles

/// Remembers which tile a URL means, so that the same URL need not be parsed again.
///
/// The meaning depends on the dataset, so an entry is valid for one version of it.
final class TileAddressBook: Sendable {
    struct Entry {
        let key: TileKey
        /// The dataset that the URL names; `nil` where it means the default one.
        let dataset: Slug?
        /// The version of that dataset with which the URL was parsed.
        let version: UInt64
        /// The template of the route.
        let route: String
        /// The tile to count when it is requested again; `nil` where nothing is counted.
        var asked: TileRequest?
        /// The version of all areas with which the URL of a tile of areas was parsed.
        var areas: Int64?
    }

    /// The largest size of a remembered URL in bytes. A URL written by hand need not be fast.
    private static let longestTarget = 256

    private let entries: Mutex<Sieve<String, Entry>>

    /// - Parameter limit: The largest number of entries; each takes about 500 bytes.
    init(limit: Int = 65_536) {
        entries = Mutex(Sieve(limit: limit))
    }

    /// The entry of a URL. The caller must check that its version is still valid.
    /// - Parameter target: The path and query as they were sent.
    func entry(_ target: String) -> Entry? {
        entries.withLock { $0.value(target) }
    }

    /// Remembers the meaning of a URL. The request must have been anonymous, because the entry answers anybody. Single
    /// events need a right, so tiles with them are not remembered.
    func remember(_ target: String, _ entry: Entry) {
        guard target.utf8.count <= Self.longestTarget,
            [.risk, .outlook].contains(entry.key.layers) || entry.key.areas != nil
        else { return }
        _ = entries.withLock { $0.set(target, entry, cost: 1) }
    }
}
