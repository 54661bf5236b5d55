package import Domain
import Synchronization

/// The generation of the served view and the versions of its parts, as far as this process knows them. They only grow.
///
/// The version of a part is the newest generation that changed it. So a tile stays valid while other days change.
/// Memory is bounded: beyond a number of live days, those of the dataset with most of them become a change of the whole
/// dataset, which makes its other tiles anew but is never wrong.
package final class CurrentGeneration: Sendable {
    /// The versions of a dataset's parts.
    private struct Parts {
        /// The last refresh that changed all days.
        var all: Int64
        var days: [LocalDay: Int64] = [:]

        /// The newest version of some days; of the outlooks, which only a refresh changes, for `nil`.
        func version(_ range: ClosedRange<LocalDay>?) -> Int64 {
            guard let range, !days.isEmpty else { return all }
            if range.lowerBound == range.upperBound { return max(all, days[range.lowerBound] ?? all) }
            return days.reduce(all) { range.contains($1.key) ? max($0, $1.value) : $0 }
        }
    }

    private struct State {
        var parts: [Slug: Parts] = [:]
        var days = 0
    }

    private static let unknown: Int64 = -1
    /// The newest generation heard of.
    private let newest = Atomic<Int64>(unknown)
    /// The last refresh of everything that was heard of.
    private let whole = Atomic<Int64>(unknown)
    /// Whether there are parts, so that most tiles are answered without the lock.
    private let hasParts = Atomic(false)
    private let state = Mutex(State())
    private let dayLimit: Int

    /// - Parameter dayLimit: How many live days are remembered, at least 1.
    package init(dayLimit: Int = 10_000) {
        self.dayLimit = dayLimit
    }

    /// The newest generation heard of; `nil` before the first.
    package var value: Int64? { Self.known(newest.load(ordering: .acquiring)) }

    /// The newest refresh of everything or of a dataset that was heard of.
    package var refreshed: Int64? {
        Self.known(state.withLock { $0.parts.values.reduce(whole.load(ordering: .acquiring)) { max($0, $1.all) } })
    }

    /// The version of what a tile shows; `nil` while it is not known.
    package func version(of key: TileKey) -> Int64? {
        let whole = whole.load(ordering: .acquiring)
        // Areas have a version of their own in their keys.
        guard key.areas == nil, hasParts.load(ordering: .acquiring) else { return Self.known(whole) }
        return Self.known(state.withLock { max(whole, $0.parts[key.dataset]?.version(key.liveDays) ?? Self.unknown) })
    }

    /// Notes that everything was served anew as a generation, 0 or more. An older one changes nothing.
    package func advance(to generation: Int64) {
        newest.max(generation, ordering: .acquiringAndReleasing)
        state.withLock { state in
            whole.max(generation, ordering: .acquiringAndReleasing)
            let whole = whole.load(ordering: .acquiring)
            for (slug, parts) in state.parts {
                let days = parts.days.filter { $0.value > whole }
                state.days += days.count - parts.days.count
                state.parts[slug] = days.isEmpty && parts.all <= whole ? nil : Parts(all: parts.all, days: days)
            }
            hasParts.store(!state.parts.isEmpty, ordering: .releasing)
        }
    }

    /// Notes what has changed.
    package func hear(_ news: ServedNews) {
        // Without single changes, anything may have changed.
        advance(to: news.changes == nil ? news.generation : news.whole)
        for change in news.changes ?? [] { note(change) }
        newest.max(news.generation, ordering: .acquiringAndReleasing)
    }

    /// Notes the newest generation, and the last refresh that changed a dataset.
    package func hear(_ generation: Int64, refreshed: Int64, of dataset: Slug) {
        note(ServedChange(dataset: dataset, generation: refreshed))
        newest.max(generation, ordering: .acquiringAndReleasing)
    }

    /// Notes the version of what a tile shows, as the tile itself tells.
    package func note(_ version: Int64, of key: TileKey) {
        guard key.areas == nil else { return advance(to: version) }
        // Which day of several changed is not told. A version that is too new for a day costs a tile and is not wrong.
        note(ServedChange(dataset: key.dataset, day: key.liveDays?.lowerBound, generation: version))
    }

    private func note(_ change: ServedChange) {
        newest.max(change.generation, ordering: .acquiringAndReleasing)
        guard change.generation > whole.load(ordering: .acquiring) else { return }
        state.withLock { state in
            var parts = state.parts[change.dataset] ?? Parts(all: Self.unknown)
            if let day = change.day {
                guard change.generation > parts.version(day...day) else { return }
                state.days += parts.days.updateValue(change.generation, forKey: day) == nil ? 1 : 0
            } else {
                guard change.generation > parts.all else { return }
                parts.all = change.generation
                let days = parts.days.filter { $0.value > change.generation }
                state.days += days.count - parts.days.count
                parts.days = days
            }
            state.parts[change.dataset] = parts
            if state.days > dayLimit { Self.forgetDays(&state) }
            hasParts.store(true, ordering: .releasing)
        }
    }

    /// Forgets the days of the dataset with most of them, as if all of the dataset had changed with the newest.
    private static func forgetDays(_ state: inout State) {
        guard let (slug, parts) = state.parts.max(by: { $0.value.days.count < $1.value.days.count }) else { return }
        state.days -= parts.days.count
        state.parts[slug] = Parts(all: parts.days.values.reduce(parts.all, max))
    }

    private static func known(_ generation: Int64) -> Int64? { generation == unknown ? nil : generation }
}

extension TileKey {
    /// The days whose changes change the tile; `nil` for one that only a refresh changes.
    fileprivate var liveDays: ClosedRange<LocalDay>? {
        outlook == nil ? day...max(day, lastDay ?? day) : nil
    }
}
