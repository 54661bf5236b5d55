import HTTPTypes
import Hummingbird
import Logging

/// Stands before the router: finds out where a request comes from and what it is called, and says so in its answer,
/// whatever that is.
struct ArrivalResponder: HTTPResponder {
    let policy: ArrivalPolicy
    let publicURL: String?
    let next: RouterResponder<ClientContext>

    func respond(to request: Request, context: ClientContext) async throws -> Response {
        var context = context
        let id = RequestID.text(request.headers[.requestID])
        let trace = request.headers[.traceParent].flatMap { TraceParent($0) }
        context.logger[metadataKey: "request"] = "\(id)"
        if let trace { context.logger[metadataKey: "trace"] = "\(trace.trace)" }
        let forwarded = context.address.flatMap {
            ForwardedClient(request.headers, from: $0, trusting: policy.trust)
        }
        if let forwarded { context.address = forwarded.address }
        context.origin = Origin(
            publicURL: publicURL, scheme: forwarded?.scheme ?? request.head.scheme ?? "http",
            authority: forwarded?.host ?? request.head.authority, basePath: policy.basePath)

        var response = try await answer(to: request, context)
        response.headers[.requestID] = id
        if let trace { response.headers[.traceParent] = trace.text }
        for (name, value) in policy.crossOrigin.fields(for: request.headers[.origin]) {
            response.headers.append(HTTPField(name: name, value: value))
        }
        return response
    }

    private func answer(to request: Request, _ context: ClientContext) async throws -> Response {
        guard !policy.basePath.lacksSlash(request.uri.path) else {
            let query = request.uri.query.map { "?\($0)" } ?? ""
            return Response(status: .permanentRedirect, headers: [.location: "\(policy.basePath.text)/\(query)"])
        }
        return try await next.respond(to: policy.basePath.stripped(request), context: context)
    }
}

extension BasePath {
    fileprivate func stripped(_ request: Request) -> Request {
        guard !text.isEmpty, let path = request.head.path else { return request }
        var head = request.head
        head.path = stripped(path)
        return Request(head: head, body: request.body)
    }
}
