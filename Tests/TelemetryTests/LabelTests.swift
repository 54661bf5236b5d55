import Metrics
import Telemetry
import Testing

@Suite struct LabelTests {
    @Test func valueAndHelpAreEscaped() {
        let registry = PrometheusRegistry(help: ["g": "a \\ b\n\"c\""])
        Gauge(label: "g", dimensions: [("path", "C:\\DIR\r\n\"x\" \u{00E9}")], factory: registry).record(1)
        #expect(
            lines(registry) == [
                #"# HELP g a \\ b\n"c""#,
                "# TYPE g gauge",
                "g{path=\"C:\\\\DIR\r\\n\\\"x\\\" \u{00E9}\"} 1",
                "",
            ])
    }

    @Test(arguments: [
        ("http.status-code", "http_status_code"), ("5xx", "_5xx"), ("", "_"), ("__name__", "key__name__"),
        ("h\u{00E9}", "h__"), ("a:b", "a_b"), ("le", "le"),
    ])
    func labelNameIsSanitised(key: String, name: String) {
        let registry = PrometheusRegistry()
        Gauge(label: "g", dimensions: [(key, "v")], factory: registry).record(1)
        #expect(lines(registry).contains("g{\(name)=\"v\"} 1"))
    }

    @Test(arguments: [("9lives", "_9lives"), ("a b/c", "a_b_c"), ("ns:rule", "ns_rule")])
    func metricNameIsSanitised(label: String, name: String) {
        let registry = PrometheusRegistry()
        Gauge(label: label, factory: registry).record(1)
        #expect(lines(registry).contains("\(name) 1"))
    }

    @Test func bucketLabelOfADimensionDoesNotClash() {
        let registry = PrometheusRegistry(defaultBuckets: HistogramBuckets([1]))
        Recorder(label: "h", dimensions: [("le", "x")], factory: registry).record(0)
        #expect(lines(registry).contains(#"h_bucket{exported_le="x",le="1"} 1"#))
    }

    @Test func orderOfDimensionsMakesNoOtherSeries() {
        let registry = PrometheusRegistry()
        Counter(label: "c", dimensions: [("a", "1"), ("b", "2")], factory: registry).increment()
        Counter(label: "c", dimensions: [("b", "2"), ("a", "1")], factory: registry).increment()
        #expect(lines(registry).filter { !$0.hasPrefix("#") } == [#"c_total{a="1",b="2"} 2"#, ""])
    }

    @Test func namesThatCoincideAreToldApart() {
        let registry = PrometheusRegistry(defaultBuckets: HistogramBuckets([1]))
        Recorder(label: "tiles", factory: registry).record(1)
        Gauge(label: "tiles", factory: registry).record(2)
        Gauge(label: "tiles.count", factory: registry).record(3)
        Gauge(label: "tiles-count", factory: registry).record(4)
        let page = lines(registry)
        #expect(page.contains("tiles_count 1"))
        #expect(page.contains("tiles_gauge 2"))
        #expect(page.contains("tiles_count_gauge 3"))
        #expect(page.contains("tiles_count_gauge_2 4"))
        let types = page.filter { $0.hasPrefix("# TYPE") }
        #expect(Set(types).count == 4)
    }

    @Test func destroyedSeriesIsGone() {
        let registry = PrometheusRegistry()
        let gone = Counter(label: "c", dimensions: [("k", "gone")], factory: registry)
        let kept = Counter(label: "c", dimensions: [("k", "kept")], factory: registry)
        gone.increment()
        kept.increment()
        gone.destroy()
        #expect(lines(registry).filter { !$0.hasPrefix("#") } == [#"c_total{k="kept"} 1"#, ""])
        kept.destroy()
        #expect(lines(registry) == [""])
    }
}
