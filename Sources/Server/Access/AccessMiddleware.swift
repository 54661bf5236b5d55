import Accounts
import HTTPTypes
import Hummingbird
import Logging
import Web

/// Decides who may do what, for every request of every route, whichever tier its answer comes from. It also records
/// every write and every refusal in the audit log.
///
/// ``DatasetCatalogue`` decides which datasets the principal set here can see.
struct AccessMiddleware: RouterMiddleware {
    typealias Context = ClientContext

    let endpoints: Endpoints
    let authenticator: Authenticator
    let catalogue: DatasetCatalogue
    let access: AccessVersion
    let watch: RightsWatch
    /// The audit log; `nil` where there is none.
    let audit: AuditTrail?
    /// Counts refused requests, so that nobody can try credentials without end.
    let limiter: RateLimiter

    func handle(
        _ request: Request, context: ClientContext, next: (Request, ClientContext) async throws -> Response
    ) async throws -> Response {
        // Without a route there is nothing to decide: the answer is 404.
        guard let route = context.endpointPath else { return try await next(request, context) }
        let rule = try endpoints.rule(route, request.method)
        guard rule != .open else { return try await next(request, context) }
        var context = context
        do {
            try await admit(request, &context, rule)
            var response = try await next(request, context)
            // A completed write is always answered. A read is answered only if the right is still valid.
            if endpoints.writes(route, request.method) {
                await recordWrite(request, context, status: response.status, detail: nil)
            } else {
                try await context.right?.check()
            }
            if let right = context.right, HeldAnswer.takesTime(response.body) {
                response.body = held(response.body, by: right, request, context)
            }
            return context.principal.isAnonymous ? response : Self.kept(privately: response)
        } catch {
            let problem = Problem(error)
            if problem.isRefusal {
                await audit?.record(entry(request, context, .refused, problem.status, detail(of: problem)))
            } else if problem.status != .tooManyRequests {
                // Requests refused by the rate limiter are not recorded, because a client could fill the log with them.
                await recordWrite(request, context, status: problem.status, detail: detail(of: problem))
            }
            throw error
        }
    }

    private func admit(_ request: Request, _ context: inout ClientContext, _ rule: AccessRule) async throws {
        do {
            context.right = try await RequestRight(
                of: request, rule, authenticator: authenticator, catalogue: catalogue, access: access)
            try rule.admit(context.principal)
        } catch let refusal as Problem where refusal.isRefusal {
            var refusal = refusal
            let cost = endpoints.cost(context.endpointPath, request)
            refusal.headers.append(contentsOf: try await limiter.admit(context, cost))
            throw refusal
        }
    }

    /// A response whose body is cut off when the right to it ends.
    private func held(
        _ body: ResponseBody, by right: RequestRight, _ request: Request, _ context: ClientContext
    ) -> ResponseBody {
        HeldAnswer(right: right, watch: watch, channel: context.channel) { problem in
            context.logger.info(
                "an answer was cut off because the right to it ended", metadata: ["path": "\(request.uri.path)"])
            let entry = entry(request, context, .refused, problem.status, "the right ended while the answer was sent")
            Task { await audit?.record(entry) }
        }.body(body)
    }

    private func recordWrite(
        _ request: Request, _ context: ClientContext, status: HTTPResponse.Status, detail: String?
    ) async {
        guard let route = context.endpointPath, endpoints.writes(route, request.method) else { return }
        let outcome: AuditEntry.Outcome = status.code < 400 ? .done : .failed
        await audit?.record(entry(request, context, outcome, status, detail))
    }

    private func entry(
        _ request: Request, _ context: ClientContext, _ outcome: AuditEntry.Outcome, _ status: HTTPResponse.Status,
        _ detail: String?
    ) -> AuditEntry {
        AuditEntry(
            actor: context.principal.identity.description, address: context.address,
            action: "\(ShownText.of(request.method.rawValue, upTo: 32)) \(context.endpointPath ?? "")",
            target: Self.target(of: request), outcome: outcome, status: status.code, detail: detail)
    }

    /// The path, and of the query only the dataset. Queries may contain anything, including secrets.
    private static func target(of request: Request) -> String {
        let dataset = QueryParameters(request.uri.query, known: ["dataset"]).text("dataset")
        return ShownText.of(request.uri.path + (dataset.map { "?dataset=\($0)" } ?? ""), upTo: longestTarget)
    }

    private func detail(of problem: Problem) -> String? { ShownText.of(problem.detail, upTo: Self.longestTarget) }

    private static let longestTarget = 512

    /// Marks an answer that depends on the account as private and to be revalidated each time, since a right may end.
    private static func kept(privately response: Response) -> Response {
        var response = response
        response.headers[.cacheControl] = "private, no-cache"
        let vary = response.headers.combined(.vary).map { "\($0), " } ?? ""
        response.headers[.vary] = "\(vary)Authorization"
        return response
    }
}
