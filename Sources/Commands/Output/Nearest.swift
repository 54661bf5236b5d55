/// Words that were probably meant by a mistyped one.
enum Nearest {
    /// The known word with the fewest changes from `word`, if they are few for its length.
    static func word(to word: String, among known: some Sequence<String>) -> String? {
        let most = max(1, min(3, word.count / 3))
        return known.map { (distance: distance(word, $0), word: $0) }
            .filter { $0.distance <= most }
            .min { ($0.distance, $0.word) < ($1.distance, $1.word) }?.word
    }

    /// The number of characters to insert, remove, replace or swap with their neighbour to get from one word to the
    /// other (optimal string alignment).
    static func distance(_ one: String, _ other: String) -> Int {
        let (a, b) = (Array(one), Array(other))
        var before: [Int] = []
        var last = Array(0...b.count)
        for i in a.indices {
            var row = [i + 1]
            for j in b.indices {
                let change = a[i] == b[j] ? 0 : 1
                var cost = min(last[j + 1] + 1, row[j] + 1, last[j] + change)
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { cost = min(cost, before[j - 1] + 1) }
                row.append(cost)
            }
            (before, last) = (last, row)
        }
        return last[b.count]
    }
}
