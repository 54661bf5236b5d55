import HTTPTypes
import Telemetry
import Testing

@testable import Web

@Suite struct RequestMetricsTests {
    private let registry = PrometheusRegistry()

    @Test func requestsAreCountedByRouteMethodAndStatus() {
        let metrics = RequestMetrics(factory: registry)
        for status in [HTTPResponse.Status.ok, .ok, .notModified] {
            metrics.record(route: "/v1/events", method: .get, status: status, elapsed: .milliseconds(20))
        }
        let text = registry.text()
        #expect(text.contains("http_requests_total{method=\"GET\",route=\"/v1/events\",status=\"200\"} 2\n"))
        #expect(text.contains("http_requests_total{method=\"GET\",route=\"/v1/events\",status=\"304\"} 1\n"))
        #expect(text.contains("http_request_seconds_count{route=\"/v1/events\"} 3\n"))
    }

    @Test func wordsThatClientsMakeUpAreNoLabels() throws {
        let metrics = RequestMetrics(factory: registry)
        for index in 0..<10 {
            let method = try #require(HTTPRequest.Method("WORD\(index)"))
            metrics.record(route: "none", method: method, status: .notFound, elapsed: .zero)
        }
        #expect(registry.text().contains("http_requests_total{method=\"other\",route=\"none\",status=\"404\"} 10\n"))
        #expect(!registry.text().contains("WORD"))
    }
}
