/// The upper bounds of a histogram's buckets, ascending. The last bucket, without a bound, is implied.
package struct HistogramBuckets: Sendable {
    /// The inclusive upper bounds.
    let bounds: [Double]

    /// - Parameter bounds: Finite and strictly ascending, at least one. Anything else is a programming error.
    package init(_ bounds: [Double]) {
        precondition(!bounds.isEmpty, "a histogram needs a bucket")
        precondition(bounds.allSatisfy(\.isFinite), "the bounds of buckets are finite")
        precondition(zip(bounds, bounds.dropFirst()).allSatisfy(<), "the bounds of buckets ascend")
        self.bounds = bounds
    }

    /// Buckets for response times in seconds: from half a millisecond to half a minute.
    package static let latency = HistogramBuckets([
        0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30,
    ])

    /// Buckets for sizes in bytes: powers of four from 256 bytes to 16 MiB.
    package static let bytes = HistogramBuckets((4...12).map { Double(1 << (2 * $0)) })

    /// The index of the bucket for a value. The number of bounds is the index of the bucket without one.
    func index(of value: Double) -> Int {
        bounds.firstIndex { value <= $0 } ?? bounds.count
    }
}
