import HTTPTypes
import Hummingbird
import Web

/// Turns every error into problem details. No other code maps errors to HTTP.
struct ProblemMiddleware<Context: RequestContext>: RouterMiddleware {
    func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch {
            // The client has left: nobody reads the answer, and the server is not at fault.
            if Task.isCancelled { return Response(status: .clientClosedRequest) }
            let problem = Problem(error)
            problem.log(error, path: request.uri.path, context.logger)
            return problem.response()
        }
    }
}

extension HTTPResponse.Status {
    /// The status that nginx logs for such requests; it is never sent.
    static let clientClosedRequest = Self(code: 499, reasonPhrase: "Client Closed Request")
}
