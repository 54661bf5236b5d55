/// The number of rejected records by the code of their reason, including those without a dead letter.
package struct RejectCounts: Hashable, Sendable {
    package private(set) var byReason: [String: Int]

    package init(_ byReason: [String: Int] = [:]) { self.byReason = byReason }

    package mutating func add(_ letters: [DeadLetter]) {
        for letter in letters { byReason[letter.reasonCode, default: 0] += 1 }
    }

    /// Takes some records of a reason back.
    package mutating func remove(_ count: Int, of reason: String) {
        let rest = byReason[reason, default: 0] - count
        byReason[reason] = rest > 0 ? rest : nil
    }

    package var total: Int { byReason.values.reduce(0, +) }

    /// The reasons as text, the most frequent first, such as "3 bad_number, 1 empty_row"; empty when there are none.
    package var summary: String {
        byReason.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "\($0.value) \($0.key)" }
            .joined(separator: ", ")
    }
}
