import Accounts
import HTTPTypes
import Hummingbird
import Logging

/// The one place where it is decided who may do what: every request of every route passes it, whatever tier its answer
/// then comes from, and every write and refusal is written down here.
///
/// Which datasets there are for whom ``DatasetCatalogue`` decides, by the principal that is set here.
struct AccessMiddleware: RouterMiddleware {
    typealias Context = ClientContext

    let authenticator: Authenticator
    let catalogue: DatasetCatalogue
    let access: AccessVersion
    let watch: RightsWatch
    /// `nil` where there is no audit log.
    let audit: AuditTrail?
    /// Counts those who are refused, so that nobody tries credentials without end.
    let limiter: RateLimiter

    func handle(
        _ request: Request, context: ClientContext, next: (Request, ClientContext) async throws -> Response
    ) async throws -> Response {
        // Without a route there is nothing to decide: the answer is 404.
        guard let route = context.endpointPath else { return try await next(request, context) }
        let rule = try AccessRules.rule(route, request.method)
        guard rule != .open else { return try await next(request, context) }
        var context = context
        do {
            try await admit(request, &context, rule)
            var response = try await next(request, context)
            // A write that was done is answered; what was read is given only to who may have it now.
            if AccessRules.writes(route, request.method) {
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
                // What nobody looked at is not written down: whoever asks too often would fill the log.
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
            refusal.headers.append(contentsOf: try await limiter.admit(context, route: context.endpointPath))
            throw refusal
        }
    }

    /// The same body, cut off when the right to it ends.
    private func held(
        _ body: ResponseBody, by right: RequestRight, _ request: Request, _ context: ClientContext
    ) -> ResponseBody {
        HeldAnswer(right: right, watch: watch, channel: context.channel) { problem in
            context.logger.info("an answer was cut off: its right ended", metadata: ["path": "\(request.uri.path)"])
            let entry = entry(request, context, .refused, problem.status, "the right ended while it was answered")
            Task { await audit?.record(entry) }
        }.body(body)
    }

    private func recordWrite(
        _ request: Request, _ context: ClientContext, status: HTTPResponse.Status, detail: String?
    ) async {
        guard let route = context.endpointPath, AccessRules.writes(route, request.method) else { return }
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

    /// The address, and of its query only the dataset: people put all sorts of things into a query, secrets too.
    private static func target(of request: Request) -> String {
        let dataset = QueryParameters(request.uri.query, known: ["dataset"]).text("dataset")
        return ShownText.of(request.uri.path + (dataset.map { "?dataset=\($0)" } ?? ""), upTo: longestTarget)
    }

    private func detail(of problem: Problem) -> String? { ShownText.of(problem.detail, upTo: Self.longestTarget) }

    private static let longestTarget = 512

    /// An answer that depends on who asked is theirs alone, and is asked for again each time, since a right may end.
    private static func kept(privately response: Response) -> Response {
        var response = response
        response.headers[.cacheControl] = "private, no-cache"
        let vary = response.headers.combined(.vary).map { "\($0), " } ?? ""
        response.headers[.vary] = "\(vary)Authorization"
        return response
    }
}
