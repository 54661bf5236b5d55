/// A bounded map that evicts by SIEVE: Zhang et al., "SIEVE is Simpler than LRU", NSDI 2024.
///
/// Entries stand in the order in which they came. A hit only marks its entry. A hand that moves from the oldest to the
/// newest evicts the first entry without a mark and removes the marks of those it passes. So an entry that is used once
/// leaves soon, one that is used again stays, and a hit moves nothing.
package struct Sieve<Key: Hashable, Value> {
    private struct Entry {
        let key: Key
        var value: Value
        var cost: Int
        var isMarked = false
        /// The places of the neighbours; `none` at an end.
        var newer: Int
        var older: Int
    }

    private static var none: Int { -1 }

    /// The largest sum of costs.
    package let limit: Int
    /// The sum of the costs of all entries.
    package private(set) var cost = 0
    private var places: [Key: Int] = [:]
    private var entries: [Entry?] = []
    private var free: [Int] = []
    private var newest = none
    private var oldest = none
    private var hand = none

    package init(limit: Int) {
        self.limit = limit
    }

    package var count: Int { places.count }

    /// The value of `key`, whose entry is marked as used.
    package mutating func value(_ key: Key) -> Value? {
        guard let place = places[key] else { return nil }
        entries[place]?.isMarked = true
        return entries[place]?.value
    }

    /// Stores a value in place of the key's old one, and evicts what no longer fits.
    ///
    /// - Parameter cost: The cost, 0 or more. A value that costs more than the limit is not stored.
    /// - Returns: How many entries were evicted.
    @discardableResult
    package mutating func set(_ key: Key, _ value: Value, cost: Int) -> Int {
        if let place = places[key] { remove(place) }
        guard cost <= limit else { return 0 }
        var evicted = 0
        while self.cost + cost > limit, let victim = victim() {
            remove(victim)
            evicted += 1
        }
        let place = free.popLast() ?? entries.count
        let entry = Entry(key: key, value: value, cost: cost, newer: Self.none, older: newest)
        if place == entries.count { entries.append(entry) } else { entries[place] = entry }
        if newest != Self.none { entries[newest]?.newer = place }
        newest = place
        if oldest == Self.none { oldest = place }
        places[key] = place
        self.cost += cost
        return evicted
    }

    package mutating func removeAll() {
        self = Sieve(limit: limit)
    }

    /// - Returns: How many entries were removed.
    @discardableResult
    package mutating func removeAll(where isDoomed: (Key) -> Bool) -> Int {
        let doomed = places.filter { isDoomed($0.key) }
        for place in doomed.values { remove(place) }
        return doomed.count
    }

    private mutating func victim() -> Int? {
        var place = hand == Self.none ? oldest : hand
        // Passed entries lose their marks, so the second round ends at the latest.
        while place != Self.none, let entry = entries[place], entry.isMarked {
            entries[place]?.isMarked = false
            place = entry.newer == Self.none ? oldest : entry.newer
        }
        hand = place
        return place == Self.none ? nil : place
    }

    private mutating func remove(_ place: Int) {
        guard let entry = entries[place] else { return }
        if hand == place { hand = entry.newer }
        if entry.newer == Self.none { newest = entry.older } else { entries[entry.newer]?.older = entry.older }
        if entry.older == Self.none { oldest = entry.newer } else { entries[entry.older]?.newer = entry.newer }
        entries[place] = nil
        free.append(place)
        places[entry.key] = nil
        cost -= entry.cost
    }
}
