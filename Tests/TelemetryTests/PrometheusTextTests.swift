import Metrics
import Telemetry
import Testing

/// The lines of a page that belong to the test, without the process metrics.
func lines(_ registry: PrometheusRegistry) -> [Substring] {
    registry.text().split(separator: "\n", omittingEmptySubsequences: false).filter { !$0.contains("process_") }
}

/// The expected lines follow the description of the text format (version 0.0.4).
@Suite struct PrometheusTextTests {
    @Test func counterIsTotalWithHelpAndType() {
        let registry = PrometheusRegistry(help: ["tiles.served": "Tiles sent, by tier."])
        Counter(label: "tiles.served", dimensions: [("tier", "memory")], factory: registry).increment(by: 3)
        Counter(label: "tiles.served", dimensions: [("tier", "source")], factory: registry).increment()
        #expect(
            lines(registry) == [
                "# HELP tiles_served_total Tiles sent, by tier.",
                "# TYPE tiles_served_total counter",
                #"tiles_served_total{tier="memory"} 3"#,
                #"tiles_served_total{tier="source"} 1"#,
                "",
            ])
    }

    @Test func wholeCounterIsExactBeyondDoublePrecisionAndStopsAtTheLargestNumber() {
        let registry = PrometheusRegistry()
        let counter = Counter(label: "bytes_total", factory: registry)
        counter.increment(by: 9_007_199_254_740_993)
        #expect(lines(registry).contains("bytes_total 9007199254740993"))
        counter.increment(by: Int64.max)
        #expect(lines(registry).contains("bytes_total 9223372036854775807"))
    }

    @Test func counterTakesFractionsAndNeverFalls() {
        let registry = PrometheusRegistry()
        let counter = FloatingPointCounter(label: "cpu", factory: registry)
        counter.increment(by: 0.25)
        counter.increment(by: -5)
        counter.increment(by: Double.nan)
        counter.increment(by: 1.5)
        #expect(lines(registry).contains("cpu_total 1.75"))
        counter.reset()
        #expect(lines(registry).contains("cpu_total 0"))
    }

    @Test func gaugeGoesUpAndDown() {
        let registry = PrometheusRegistry()
        let meter = Meter(label: "connections", factory: registry)
        meter.set(5)
        meter.increment(by: 2)
        meter.decrement(by: 3.5)
        let expected = ["# HELP connections connections", "# TYPE connections gauge", "connections 3.5", ""]
        #expect(lines(registry) == expected.map { $0[...] })
    }

    @Test(arguments: [
        (Double.infinity, "+Inf"), (-.infinity, "-Inf"), (.nan, "NaN"), (-0.5, "-0.5"), (1e21, "1e+21"), (5, "5"),
        (0.1, "0.1"),
    ])
    func gaugeWritesEveryNumber(value: Double, text: String) {
        let registry = PrometheusRegistry()
        Gauge(label: "value", factory: registry).record(value)
        #expect(lines(registry).contains("value \(text)"))
    }

    @Test func histogramIsCumulativeAndBoundsAreInclusive() {
        let registry = PrometheusRegistry(buckets: ["cells": HistogramBuckets([1, 2.5, 10])])
        let recorder = Recorder(label: "cells", dimensions: [("zoom", "7")], factory: registry)
        for value in [0.5, 1, 1.5, 2.5, 10, 11] {
            recorder.record(value)
        }
        recorder.record(Double.nan)
        #expect(
            lines(registry) == [
                "# HELP cells cells",
                "# TYPE cells histogram",
                #"cells_bucket{zoom="7",le="1"} 2"#,
                #"cells_bucket{zoom="7",le="2.5"} 4"#,
                #"cells_bucket{zoom="7",le="10"} 5"#,
                #"cells_bucket{zoom="7",le="+Inf"} 6"#,
                #"cells_sum{zoom="7"} 26.5"#,
                #"cells_count{zoom="7"} 6"#,
                "",
            ])
    }

    @Test func timerIsInSeconds() {
        let registry = PrometheusRegistry(defaultBuckets: HistogramBuckets([0.001, 1]))
        Timer(label: "http.request", factory: registry).recordNanoseconds(250_000_000)
        Timer(label: "already_seconds", factory: registry).recordSeconds(2)
        let page = lines(registry)
        #expect(page.contains("# TYPE http_request_seconds histogram"))
        #expect(page.contains(#"http_request_seconds_bucket{le="0.001"} 0"#))
        #expect(page.contains(#"http_request_seconds_bucket{le="1"} 1"#))
        #expect(page.contains("http_request_seconds_sum 0.25"))
        #expect(page.contains("already_seconds_sum 2"))
    }

    @Test func everyLineEndsAndFamiliesAreInOrder() {
        let registry = PrometheusRegistry()
        for label in ["b", "c", "a"] {
            Gauge(label: label, factory: registry).record(1)
        }
        #expect(registry.text().hasSuffix("\n"))
        let types = lines(registry).filter { $0.hasPrefix("# TYPE") }
        #expect(types == ["# TYPE a gauge", "# TYPE b gauge", "# TYPE c gauge"])
    }
}
