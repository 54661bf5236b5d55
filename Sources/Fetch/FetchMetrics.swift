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
            ("status", Self.label(status)),
        ]
        Counter(label: "feed_requests_total", dimensions: labels, factory: factory).increment()
        Timer(label: "feed_request_duration_seconds", factory: factory).recordNanoseconds(nanoseconds)
    }

    /// A source may answer with any number: those that HTTP does not have share a label.
    private static func label(_ status: Int?) -> String {
        guard let status else { return "none" }
        return (100...599).contains(status) ? String(status) : "other"
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
