import CoreMetrics
import Synchronization

/// The distribution of values over buckets.
///
/// A timer records in seconds.
///
/// It uses a short lock instead of atomics, because a page must not show a count without its sum.
final class HistogramSeries: RecorderHandler, TimerHandler, Series {
    private struct State {
        /// The counts, not cumulative; the last one is that of the bucket without a bound.
        var counts: [Int64]
        var sum = 0.0
    }

    private let buckets: HistogramBuckets
    private let state: Mutex<State>

    init(buckets: HistogramBuckets) {
        self.buckets = buckets
        state = Mutex(State(counts: Array(repeating: 0, count: buckets.bounds.count + 1)))
    }

    func record(_ value: Int64) { record(Double(value)) }

    /// Counts a value. NaN is not counted, because it would spoil the sum for ever.
    func record(_ value: Double) {
        guard !value.isNaN else { return }
        let index = buckets.index(of: value)
        state.withLock { state in
            state.counts[index] += 1
            state.sum += value
        }
    }

    func recordNanoseconds(_ duration: Int64) {
        record(Double(duration) / 1e9)
    }

    func samples(labels: LabelSet) -> [Sample] {
        let (counts, sum) = state.withLock { ($0.counts, $0.sum) }
        var samples: [Sample] = []
        var total: Int64 = 0
        for (bound, count) in zip(buckets.bounds + [.infinity], counts) {
            total += count
            let bucket = labels.adding("le", SampleValue.double(bound).text)
            samples.append(Sample(suffix: "_bucket", labels: bucket, value: .integer(total)))
        }
        samples.append(Sample(suffix: "_sum", labels: labels, value: .double(sum)))
        samples.append(Sample(suffix: "_count", labels: labels, value: .integer(total)))
        return samples
    }
}
