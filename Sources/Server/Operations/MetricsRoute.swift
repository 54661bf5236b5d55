import Hummingbird
import NIOCore
import Telemetry
import Web

/// Answers `/metrics` in Prometheus' text format.
struct MetricsRoute {
    static let path = "/metrics"

    let text: @Sendable () -> String

    @Sendable func respond(_ request: Request, _ context: ClientContext) async throws -> Response {
        try QueryParameters(request.uri.query, known: []).check()
        return Response(
            status: .ok,
            headers: [.contentType: PrometheusRegistry.contentType, .cacheControl: "no-store"],
            body: .init(byteBuffer: ByteBuffer(string: text())))
    }
}
