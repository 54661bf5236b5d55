import Metrics

/// The metrics of requests to sources.
struct FetchMetrics: Sendable {
    private let factory: any MetricsFactory

    init(_ factory: any MetricsFactory) {
        self.factory = factory
    }

    /// Counts a try and its time. `status` is `nil` when there was no answer.
    func tried(_ request: FetchRequest, status: Int?, took nanoseconds: Int64) {
        let labels = [
            ("source", request.source), ("method", request.method.rawValue),
            ("status", status.map(String.init) ?? "none"),
        ]
        Counter(label: "feed_requests_total", dimensions: labels, factory: factory).increment()
        Timer(label: "feed_request_duration_seconds", factory: factory).recordNanoseconds(nanoseconds)
    }

    func failed(_ code: FetchError.Code) {
        Counter(label: "feed_errors_total", dimensions: [("error", code.rawValue)], factory: factory).increment()
    }

    func hit(_ tier: AnswerCache.Tier) {
        Counter(label: "feed_cache_hits_total", dimensions: [("tier", tier.rawValue)], factory: factory).increment()
    }

    func missed() {
        Counter(label: "feed_cache_misses_total", factory: factory).increment()
    }

    func breaker(_ host: String, _ state: BreakerState) {
        Gauge(label: "feed_circuit_breaker_state", dimensions: [("host", host)], factory: factory).record(
            state.rawValue)
    }
}
