import CoreMetrics
import Synchronization

/// A number that only grows, except when it is reset.
///
/// Whole and fractional increments are summed separately, so that whole ones stay exact up to 2^63 - 1, where they
/// stop.
final class CounterSeries: CounterHandler, FloatingPointCounterHandler, Series {
    private let whole = Atomic<Int64>(0)
    private let fractional = AtomicDouble(0)

    /// Adds an amount; one that is not positive changes nothing.
    func increment(by amount: Int64) {
        guard amount > 0 else { return }
        // Adds first, because an overflow is rare and can be corrected afterwards.
        let (_, sum) = whole.wrappingAdd(amount, ordering: .relaxed)
        if sum < 0 {
            whole.store(.max, ordering: .relaxed)
        }
    }

    /// Adds an amount; one that is not positive and finite changes nothing.
    func increment(by amount: Double) {
        guard amount > 0, amount.isFinite else { return }
        fractional.add(amount)
    }

    func reset() {
        whole.store(0, ordering: .relaxed)
        fractional.store(0)
    }

    func samples(labels: LabelSet) -> [Sample] {
        let whole = max(0, self.whole.load(ordering: .relaxed))
        let fractional = self.fractional.load()
        let value = fractional == 0 ? SampleValue.integer(whole) : .double(Double(whole) + fractional)
        return [Sample(labels: labels, value: value)]
    }
}
