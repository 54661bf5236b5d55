import Synchronization
import Tiles

/// Remembers which tile an address asked for, so that the same address need not be read again.
///
/// What an address without a date or a dataset means depends on the list of datasets, so what is remembered holds for
/// one edition of it.
final class TileAddressBook: Sendable {
    struct Entry {
        let key: TileKey
        /// Template of the route that the address belongs to.
        let route: String
        /// What is counted when it is asked for again; `nil` where nobody counts.
        var asked: TileRequest?
    }

    private struct State {
        var edition: UInt64?
        var entries: Sieve<String, Entry>
    }

    /// Addresses of more bytes are not remembered: who writes one by hand is not in a hurry.
    private static let longestTarget = 256

    private let state: Mutex<State>

    /// - Parameter limit: Addresses at most; one takes some 500 bytes.
    init(limit: Int = 65_536) {
        state = Mutex(State(entries: Sieve(limit: limit)))
    }

    /// - Parameter target: Path and query as they were sent.
    func entry(_ target: String, edition: UInt64) -> Entry? {
        state.withLock { state in
            state.edition == edition ? state.entries.value(target) : nil
        }
    }

    /// Remembers what an address asked for. It must have been asked without any right, for anybody is answered by it;
    /// points of events take one, so tiles with them are not remembered.
    func remember(_ target: String, _ entry: Entry, edition: UInt64) {
        guard target.utf8.count <= Self.longestTarget, entry.key.layers == .risk else { return }
        state.withLock { state in
            if let current = state.edition, edition < current { return }
            if state.edition != edition {
                state.edition = edition
                state.entries.removeAll()
            }
            state.entries.set(target, entry, cost: 1)
        }
    }
}
