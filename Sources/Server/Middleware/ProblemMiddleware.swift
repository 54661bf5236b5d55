import Hummingbird
import Logging

/// Turns every error into problem details: the one place where errors meet HTTP.
struct ProblemMiddleware<Context: RequestContext>: RouterMiddleware {
    func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch {
            let problem = Problem(error)
            if problem.isFault {
                context.logger.error("request failed", metadata: ["error": "\(error)", "path": "\(request.uri.path)"])
            } else if problem.status == .serviceUnavailable {
                context.logger.warning("unavailable", metadata: ["error": "\(error)", "path": "\(request.uri.path)"])
            }
            return problem.response()
        }
    }
}
