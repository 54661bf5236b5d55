import HTTPTypes
import Hummingbird
import Web

/// Counts every request that is allowed to be sent, and says in its answer how much is left.
struct RateLimitMiddleware: RouterMiddleware {
    typealias Context = ClientContext

    let endpoints: Endpoints
    let limiter: RateLimiter

    func handle(
        _ request: Request, context: ClientContext, next: (Request, ClientContext) async throws -> Response
    ) async throws -> Response {
        let fields = try await limiter.admit(context, endpoints.cost(context.endpointPath, request))
        do {
            var response = try await next(request, context)
            response.headers.append(contentsOf: fields)
            return response
        } catch {
            var problem = Problem(error)
            // Faults of the server must be logged with their details.
            guard problem.status.kind == .clientError else { throw error }
            problem.headers.append(contentsOf: fields)
            throw problem
        }
    }
}
