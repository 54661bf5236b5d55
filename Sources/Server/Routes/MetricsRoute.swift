import Hummingbird
import NIOCore

/// `/metrics`: Prometheus' text format.
struct MetricsRoute {
    let text: @Sendable () -> String

    @Sendable func respond(_ request: Request, _ context: BasicRequestContext) async throws -> Response {
        Response(
            status: .ok,
            headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8", .cacheControl: "no-store"],
            body: .init(byteBuffer: ByteBuffer(string: text())))
    }
}
