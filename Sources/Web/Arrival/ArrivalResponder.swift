import HTTPTypes
package import Hummingbird
import Logging

/// Receives requests before the router: determines their client, id and path, and sets the headers that every answer
/// has.
package struct ArrivalResponder<Context: ArrivedContext>: HTTPResponder {
    /// The longest query that a redirect repeats.
    private static var longestMovedQuery: Int { 2048 }

    package let policy: ArrivalPolicy
    package let publicURL: String?
    package let served: ServedPaths
    package let observer: RequestObserver
    package let next: RouterResponder<Context>
    private let headers: CommonHeaders

    package init(
        policy: ArrivalPolicy, publicURL: String? = nil, served: ServedPaths, observer: RequestObserver,
        next: RouterResponder<Context>
    ) {
        self.policy = policy
        self.publicURL = publicURL
        self.served = served
        self.observer = observer
        self.next = next
        headers = CommonHeaders(policy)
    }

    package func respond(to request: Request, context: Context) async throws -> Response {
        var context = context
        let id = RequestID.text(request.headers[.requestID])
        let trace = request.headers[.traceParent].flatMap { TraceParent($0) }
        context.logger[metadataKey: "request"] = "\(id)"
        if let trace { context.logger[metadataKey: "trace"] = "\(trace.trace)" }
        let forwarded = context.address.flatMap {
            ForwardedClient(request.headers, from: $0, trusting: policy.trust)
        }
        if let forwarded { context.address = forwarded.address }
        let scheme = forwarded?.scheme ?? request.head.scheme ?? "http"
        context.origin = Origin(
            publicURL: publicURL, scheme: scheme,
            authority: forwarded?.host ?? request.head.authority, basePath: policy.basePath)

        var response = try await answer(to: request, context)
        headers.write(id: id, origin: request.headers[.origin], isSecure: scheme == "https") { name, value in
            if name == .vary {
                response.headers.append(HTTPField(name: name, value: value))
            } else {
                response.headers[name] = value
            }
        }
        if let trace { response.headers[.traceParent] = trace.text }
        return response
    }

    private func answer(to request: Request, _ context: Context) async throws -> Response {
        if let fault = RequestFault(request) { return refuse(request, context, fault.problem) }
        let (path, query) = Self.split(request.head.path ?? "")
        switch Destination(path, basePath: policy.basePath, served: served) {
        case .route(let path):
            let path = AliasPath.route(path)
            return try await next.respond(to: Self.request(request, path: path + query), context: context)
        case .moved(let path)
        where (request.method == .get || request.method == .head) && query.utf8.count <= Self.longestMovedQuery:
            let response = Response(
                status: .permanentRedirect, headers: [.location: path + query, .cacheControl: "no-cache"])
            observe(request, context, response.status)
            return response
        case .moved, .nowhere: return refuse(request, context, .notFound("There is nothing at this URL."))
        }
    }

    private func refuse(_ request: Request, _ context: Context, _ problem: Problem) -> Response {
        observe(request, context, problem.status)
        return problem.response()
    }

    private func observe(_ request: Request, _ context: Context, _ status: HTTPResponse.Status) {
        observer.observed(
            method: request.method, path: Self.split(request.head.path ?? "").path, route: "none", status: status,
            elapsed: .zero, id: context.logger[metadataKey: "request"])
    }

    /// Splits a target into path and query, with the question mark. A well-behaved client never sends a fragment.
    private static func split(_ target: String) -> (path: String, query: String) {
        guard let mark = target.utf8.firstIndex(of: UInt8(ascii: "?")) else { return (target, "") }
        return (String(target[..<mark]), String(target[mark...]))
    }

    private static func request(_ request: Request, path: String) -> Request {
        guard request.head.path != path else { return request }
        var head = request.head
        head.path = path
        return Request(head: head, body: request.body)
    }
}
