package import Hummingbird
import Logging

/// Observes every request that passes the router.
///
/// It does so after `next`, because wrapping the body to see its last byte would cost the single write of a buffer
/// body.
package struct ObservingMiddleware<Context: RequestContext>: RouterMiddleware {
    package let observer: RequestObserver

    package init(observer: RequestObserver) {
        self.observer = observer
    }

    package func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        let start = ContinuousClock.now
        let response = try await next(request, context)
        observer.observed(
            method: request.method, path: request.uri.path, route: context.endpointPath ?? "none",
            status: response.status, elapsed: .now - start, id: context.logger[metadataKey: "request"])
        return response
    }
}
