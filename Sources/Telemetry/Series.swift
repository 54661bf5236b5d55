/// One series of a family: a metric with fixed labels.
protocol Series: AnyObject, Sendable {
    /// The current values, in the order in which they are written.
    func samples(labels: LabelSet) -> [Sample]
}

/// One line of the exposition.
struct Sample: Equatable, Sendable {
    /// What follows the family's name: nothing, `_bucket`, `_sum` or `_count`.
    var suffix = ""
    var labels: LabelSet
    var value: SampleValue
}

/// A number as it is written: whole numbers exactly, beyond 2^53, too.
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
