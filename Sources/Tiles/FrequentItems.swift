/// What comes most often in a stream, in bounded memory.
///
/// J. Misra and D. Gries, "Finding Repeated Elements", 1982: with room for k items, an item that came more than n / (k + 1)
/// times of n is held, and no count is too high, nor too low by more than that.
struct FrequentItems<Item: Hashable & Sendable>: Sendable {
    let room: Int
    private(set) var counts: [Item: Int] = [:]

    /// - Parameter room: Items held at most, 1 or more.
    init(room: Int) {
        self.room = room
    }

    /// Amortised O(1).
    mutating func add(_ item: Item, _ count: Int = 1) {
        if let place = counts.index(forKey: item) {
            counts.values[place] += count
            return
        }
        var rest = count
        if counts.count >= room, let least = counts.values.min() {
            // A newcomer's count is taken off everybody's.
            let loss = min(rest, least)
            counts = counts.compactMapValues { $0 > loss ? $0 - loss : nil }
            rest -= loss
        }
        if rest > 0 { counts[item] = rest }
    }
}
