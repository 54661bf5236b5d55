import HTTPTypes
import Hummingbird

/// Counts every request that rights have let through, and says in its answer what is left.
struct RateLimitMiddleware: RouterMiddleware {
    typealias Context = ClientContext

    let limiter: RateLimiter

    func handle(
        _ request: Request, context: ClientContext, next: (Request, ClientContext) async throws -> Response
    ) async throws -> Response {
        let fields = try await limiter.admit(context, route: context.endpointPath)
        do {
            var response = try await next(request, context)
            response.headers.append(contentsOf: fields)
            return response
        } catch {
            var problem = Problem(error)
            // What went wrong on our side is logged with what it was.
            guard problem.status.kind == .clientError else { throw error }
            problem.headers.append(contentsOf: fields)
            throw problem
        }
    }
}
