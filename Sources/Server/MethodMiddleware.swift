import HTTPTypes
import Hummingbird
import Web

/// Answers requests that ask only for the methods of a path (OPTIONS), and whether a page of another origin may use
/// them (a preflight).
struct MethodMiddleware: RouterMiddleware {
    typealias Context = ClientContext

    let endpoints: Endpoints
    let crossOrigin: CrossOrigin

    func handle(
        _ request: Request, context: ClientContext, next: (Request, ClientContext) async throws -> Response
    ) async throws -> Response {
        guard HTTPRequest.Method.known.contains(request.method) else {
            throw Problem(status: .notImplemented, detail: "This server does not know this method.")
        }
        guard request.method == .options, let route = context.endpointPath else {
            return try await next(request, context)
        }
        let allowed = try endpoints[route].allowed
        var response = Response(status: .noContent, headers: [.allow: allowed])
        if let origin = request.headers[.origin], request.headers[.accessControlRequestMethod] != nil {
            for (name, value) in crossOrigin.preflight(from: origin, methods: allowed) {
                response.headers[name] = value
            }
        }
        return response
    }
}
