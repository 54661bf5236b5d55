/// The labels of one series by name, each name once.
struct LabelSet: Hashable, Comparable, Sendable {
    /// The names and raw values, ordered by name.
    let pairs: [Pair]

    struct Pair: Hashable, Comparable, Sendable {
        var name: String
        var value: String

        static func < (a: Self, b: Self) -> Bool { (a.name, a.value) < (b.name, b.value) }
    }

    /// Creates the labels from the dimensions of a metric.
    ///
    /// Names are sanitised. Where two lead to the same name, the last value counts.
    ///
    /// - Parameters:
    ///   - dimensions: Names and values in any order.
    ///   - reserved: Names that dimensions must not have. They get the prefix `exported_`, as in Prometheus itself.
    init(_ dimensions: [(String, String)] = [], reserved: Set<String> = []) {
        var values: [String: String] = [:]
        for (key, value) in dimensions {
            let name = MetricName.sanitisedLabel(key)
            values[reserved.contains(name) ? "exported_" + name : name] = value
        }
        pairs = values.map { Pair(name: $0.key, value: $0.value) }.sorted()
    }

    private init(pairs: [Pair]) {
        self.pairs = pairs
    }

    /// These labels and one more at the end.
    func adding(_ name: String, _ value: String) -> LabelSet {
        LabelSet(pairs: pairs + [Pair(name: name, value: value)])
    }

    static func < (a: Self, b: Self) -> Bool {
        a.pairs.lexicographicallyPrecedes(b.pairs)
    }
}
