/// The metric families of a registry by kind and label, and the names they occupy.
struct FamilyTable {
    private struct Key: Hashable {
        var kind: MetricKind
        var label: String
        var unit: String?
    }

    private struct Family {
        var name: String
        var help: String
        var series: [LabelSet: any Series] = [:]
    }

    private var families: [Key: Family] = [:]
    private var names: Set<String> = []
    private let help: [String: String]
    private let bucketsByLabel: [String: HistogramBuckets]
    private let defaultBuckets: HistogramBuckets

    init(help: [String: String], buckets: [String: HistogramBuckets], defaultBuckets: HistogramBuckets) {
        self.help = help
        bucketsByLabel = buckets
        self.defaultBuckets = defaultBuckets
    }

    func buckets(of label: String) -> HistogramBuckets {
        bucketsByLabel[label] ?? defaultBuckets
    }

    /// The series with a label and dimensions, created if it is new.
    mutating func series<S: Series>(
        _ kind: MetricKind, label: String, unit: String? = nil, dimensions: [(String, String)], make: () -> S
    ) -> S {
        let key = Key(kind: kind, label: label, unit: unit)
        let labels = LabelSet(dimensions, reserved: kind.reservedLabels)
        if let known = families[key]?.series[labels] as? S {
            return known
        }
        if families[key] == nil {
            families[key] = Family(name: occupyName(kind, label, unit), help: help[label] ?? label)
        }
        let new = make()
        families[key]?.series[labels] = new
        return new
    }

    /// Removes a series. Its family stays, so that its name is not given to another.
    mutating func remove(_ handler: AnyObject) {
        for (key, family) in families {
            for (labels, series) in family.series where series === handler {
                families[key]?.series[labels] = nil
            }
        }
    }

    /// The values of all families that have any, by name.
    func snapshot() -> [FamilySnapshot] {
        families.compactMap { key, family in
            guard !family.series.isEmpty else { return nil }
            let samples = family.series.sorted { $0.key < $1.key }.flatMap { $1.samples(labels: $0) }
            return FamilySnapshot(name: family.name, help: family.help, kind: key.kind, samples: samples)
        }.sorted { $0.name < $1.name }
    }

    /// Reserves a name. Two labels or kinds may lead to one name, which the format forbids. Then the later one gets its
    /// kind appended and, if that is not enough, a number.
    private mutating func occupyName(_ kind: MetricKind, _ label: String, _ unit: String?) -> String {
        let stem = MetricName.sanitised(label)
        var name = kind.name(stem, unit: unit)
        var attempt = 1
        while !names.isDisjoint(with: kind.occupiedNames(name)) {
            let number = attempt == 1 ? "" : "_\(attempt)"
            name = kind.name("\(stem)_\(kind.rawValue)\(number)", unit: unit)
            attempt += 1
        }
        names.formUnion(kind.occupiedNames(name))
        return name
    }
}
