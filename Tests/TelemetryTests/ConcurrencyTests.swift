import Metrics
import Telemetry
import Testing

@Suite struct ConcurrencyTests {
    @Test func noIncrementIsLost() async {
        let registry = PrometheusRegistry(defaultBuckets: HistogramBuckets([0.5, 1.5]))
        let tasks = 8
        let rounds = 5000
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<tasks {
                group.addTask {
                    // Each task makes its own handles, so that creating and sharing series is tested, too.
                    let counter = Counter(label: "c", factory: registry)
                    let fraction = FloatingPointCounter(label: "f", factory: registry)
                    let meter = Meter(label: "m", factory: registry)
                    let recorder = Recorder(label: "h", factory: registry)
                    for round in 0..<rounds {
                        counter.increment()
                        fraction.increment(by: 0.5)
                        meter.increment(by: 1)
                        recorder.record(round % 2)
                        if round % 1000 == 0 { _ = registry.text() }
                    }
                }
            }
        }
        let page = lines(registry)
        #expect(page.contains("c_total 40000"))
        #expect(page.contains("f_total 20000"))
        #expect(page.contains("m 40000"))
        #expect(page.contains(#"h_bucket{le="0.5"} 20000"#))
        #expect(page.contains(#"h_bucket{le="1.5"} 40000"#))
        #expect(page.contains("h_sum 20000"))
    }
}
