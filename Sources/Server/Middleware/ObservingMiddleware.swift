import Hummingbird
import Logging

/// Counts and times every request, and logs it at debug level.
///
/// It does so after `next`: wrapping the body to see the last byte leave would cost the single write of a buffer body.
struct ObservingMiddleware<Context: RequestContext>: RouterMiddleware {
    private let metrics = RequestMetrics()

    func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        let start = ContinuousClock.now
        let response = try await next(request, context)
        let elapsed = ContinuousClock.now - start
        metrics.record(
            route: context.endpointPath ?? "none", method: request.method, status: response.status, elapsed: elapsed)
        context.logger.debug(
            "request",
            metadata: [
                "method": "\(request.method.rawValue)", "path": "\(request.uri.path.prefix(256))",
                "status": "\(response.status.code)", "duration": "\(elapsed)",
            ])
        return response
    }
}
