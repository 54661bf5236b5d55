import CoreMetrics

/// A number that goes up and down: the value of a meter, or the last one of a recorder.
final class GaugeSeries: MeterHandler, RecorderHandler, Series {
    private let value = AtomicDouble(0)

    func set(_ value: Int64) { self.value.store(Double(value)) }
    func set(_ value: Double) { self.value.store(value) }
    func increment(by amount: Double) { value.add(amount) }
    func decrement(by amount: Double) { value.add(-amount) }
    func record(_ value: Int64) { set(value) }
    func record(_ value: Double) { set(value) }

    func samples(labels: LabelSet) -> [Sample] {
        [Sample(labels: labels, value: .double(value.load()))]
    }
}
