/// Finds the most frequent items of a stream in bounded memory.
///
/// J. Misra and D. Gries, "Finding Repeated Elements", 1982: with room for k items, every item that came more than n /
/// (k + 1) times of n is held. No count is too high, or too low by more than that.
package struct FrequentItems<Item: Hashable & Sendable>: Sendable {
    package let room: Int
    package private(set) var counts: [Item: Int] = [:]

    /// - Parameter room: How many items are held, 1 or more.
    package init(room: Int) {
        self.room = room
    }

    /// Counts an item. Amortised O(1).
    package mutating func add(_ item: Item, _ count: Int = 1) {
        if let place = counts.index(forKey: item) {
            counts.values[place] += count
            return
        }
        var rest = count
        if counts.count >= room, let least = counts.values.min() {
            // The count of a new item is subtracted from all.
            let loss = min(rest, least)
            counts = counts.compactMapValues { $0 > loss ? $0 - loss : nil }
            rest -= loss
        }
        if rest > 0 { counts[item] = rest }
    }
}
