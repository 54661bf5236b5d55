/// The type of a metric family, as in its TYPE line.
enum MetricKind: String {
    case counter
    case gauge
    case histogram

    /// The names of labels that the format uses itself.
    var reservedLabels: Set<String> { self == .histogram ? ["le"] : [] }

    /// The family's name: the unit at the end, before the `_total` of a counter, each only once.
    func name(_ stem: String, unit: String?) -> String {
        var name = stem
        for suffix in [unit, self == .counter ? "total" : nil] {
            if let suffix, !name.hasSuffix("_\(suffix)") {
                name += "_\(suffix)"
            }
        }
        return name
    }

    /// The sample names that a family of this kind writes, and its own name.
    func occupiedNames(_ name: String) -> [String] {
        self == .histogram ? [name, "\(name)_bucket", "\(name)_sum", "\(name)_count"] : [name]
    }
}
