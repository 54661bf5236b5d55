/// One series of a family: a metric with fixed labels.
protocol Series: AnyObject, Sendable {
    /// The current values in the order in which they are written.
    func samples(labels: LabelSet) -> [Sample]
}

/// A line of the exposition.
struct Sample: Equatable, Sendable {
    /// The suffix of the family's name: nothing, `_bucket`, `_sum` or `_count`.
    var suffix = ""
    var labels: LabelSet
    var value: SampleValue
}

/// A number to be written. Whole numbers are exact, even beyond 2^53.
enum SampleValue: Equatable, Sendable {
    case integer(Int64)
    case double(Double)
}

/// A family and its values at one moment.
struct FamilySnapshot: Sendable {
    var name: String
    var help: String
    var kind: MetricKind
    var samples: [Sample]
}
