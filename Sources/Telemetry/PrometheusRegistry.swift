package import CoreMetrics
import Synchronization

/// The metrics of this process, kept in memory and written in the Prometheus text format.
///
/// It is a backend of swift-metrics: bootstrap `MetricsSystem` with it, or pass it as the `factory` of a metric. A
/// metric requested twice with the same label and dimensions, in any order, is the same series.
package final class PrometheusRegistry: MetricsFactory {
    private let families: Mutex<FamilyTable>

    /// Creates an empty registry.
    ///
    /// - Parameters:
    ///   - help: The HELP text of a metric by its label. Without one the label itself is used.
    ///   - buckets: The buckets of a histogram, by its label.
    ///   - defaultBuckets: The buckets of every other histogram.
    package init(
        help: [String: String] = [:], buckets: [String: HistogramBuckets] = [:],
        defaultBuckets: HistogramBuckets = .latency
    ) {
        families = Mutex(FamilyTable(help: help, buckets: buckets, defaultBuckets: defaultBuckets))
    }

    /// The current values in the Prometheus text format, version 0.0.4. Families and series are in a stable order, with
    /// the metrics of the process last.
    package func text() -> String {
        var page = ExpositionPage()
        for family in families.withLock({ $0.snapshot() }) {
            page.add(family)
        }
        for family in ProcessMetrics.current()?.families ?? [] {
            page.add(family)
        }
        return page.text
    }

    /// The media type of ``text()``.
    package static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    package func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        counter(label, dimensions)
    }

    package func makeFloatingPointCounter(
        label: String, dimensions: [(String, String)]
    ) -> any FloatingPointCounterHandler {
        counter(label, dimensions)
    }

    package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        gauge(label, dimensions)
    }

    package func makeRecorder(
        label: String, dimensions: [(String, String)], aggregate: Bool
    ) -> any RecorderHandler {
        aggregate ? histogram(label, dimensions, unit: nil) : gauge(label, dimensions)
    }

    package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        histogram(label, dimensions, unit: "seconds")
    }

    package func destroyCounter(_ handler: any CounterHandler) { destroy(handler) }
    package func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) { destroy(handler) }
    package func destroyMeter(_ handler: any MeterHandler) { destroy(handler) }
    package func destroyRecorder(_ handler: any RecorderHandler) { destroy(handler) }
    package func destroyTimer(_ handler: any TimerHandler) { destroy(handler) }

    private func counter(_ label: String, _ dimensions: [(String, String)]) -> CounterSeries {
        families.withLock { table in
            table.series(.counter, label: label, dimensions: dimensions) { CounterSeries() }
        }
    }

    private func gauge(_ label: String, _ dimensions: [(String, String)]) -> GaugeSeries {
        families.withLock { table in
            table.series(.gauge, label: label, dimensions: dimensions) { GaugeSeries() }
        }
    }

    private func histogram(_ label: String, _ dimensions: [(String, String)], unit: String?) -> HistogramSeries {
        families.withLock { table in
            let buckets = table.buckets(of: label)
            return table.series(.histogram, label: label, unit: unit, dimensions: dimensions) {
                HistogramSeries(buckets: buckets)
            }
        }
    }

    private func destroy(_ handler: AnyObject) {
        families.withLock { $0.remove(handler) }
    }
}
