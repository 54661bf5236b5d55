import HTTPTypes
import Hummingbird

/// Turns every error into problem details: the one place where errors meet HTTP.
struct ProblemMiddleware<Context: RequestContext>: RouterMiddleware {
    func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch {
            // Whoever asked has left: nobody reads the answer, and it is no fault of ours.
            if Task.isCancelled { return Response(status: .clientClosedRequest) }
            let problem = Problem(error)
            problem.log(error, path: request.uri.path, context.logger)
            return problem.response()
        }
    }
}

extension HTTPResponse.Status {
    /// What nginx logs of such requests; it is never sent.
    static let clientClosedRequest = Self(code: 499, reasonPhrase: "Client Closed Request")
}
