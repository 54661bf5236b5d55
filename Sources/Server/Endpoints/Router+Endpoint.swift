import Caching
import HTTPTypes
import Hummingbird
import Web

/// The limits within which endpoints are served.
struct EndpointLimits: Sendable {
    /// The time limit for an answer and for the body of a query.
    let answer: Duration
    /// How long a client may take to send any other body except a file.
    let body: Duration
    /// Ends writes when the right to them ends.
    let watch: RightsWatch
}

extension Router<ClientContext> {
    /// Adds an endpoint with the limits of its operations. A path answers 405 to the methods that it does not have, and
    /// takes a body only where one is declared.
    func add(_ endpoint: Endpoint, within limits: EndpointLimits) {
        let path = RouterPath(endpoint.path)
        for (method, operation) in endpoint.operations {
            let handler = operation.limited(by: limits)
            let answer = endpoint.writes(method) ? limits.held(handler) : handler
            on(path, method: method, use: answer)
        }
        for method in HTTPRequest.Method.known where method != .head && endpoint.operations[method] == nil {
            // The access rules refuse these methods before they get here.
            on(path, method: method) { _, _ -> Response in throw Problem.fault }
        }
    }
}

extension Endpoint.Operation {
    /// The handler after the body was read, and within the time limit.
    fileprivate func limited(by limits: EndpointLimits) -> Endpoint.Handler {
        let timed = isTimed ? limits.timed(handler) : handler
        switch body {
        case .none:
            return { request, context in
                try request.refuseBody()
                return try await timed(request, context)
            }
        case .parameters:
            return SmallBody(longest: PolygonBody.longestBody, patience: limits.answer).readBefore(timed)
        case .rows(let longest): return SmallBody(longest: longest, patience: limits.body).readBefore(timed)
        case .small(let longest):
            return SmallBody(longest: longest, patience: limits.body).readBefore(timed)
        case .file: return timed
        }
    }
}

extension EndpointLimits {
    fileprivate func timed(_ handler: @escaping Endpoint.Handler) -> Endpoint.Handler {
        { [answer] request, context in try await withDeadline(answer) { try await handler(request, context) } }
    }

    /// The handler of a write, cancelled when a right that it needs has ended.
    fileprivate func held(_ handler: @escaping Endpoint.Handler) -> Endpoint.Handler {
        { [watch] request, context in
            guard let right = context.right else { return try await handler(request, context) }
            return try await watch.whileHeld(right) { try await handler(request, context) }
        }
    }
}

extension SmallBody {
    fileprivate func readBefore(_ handler: @escaping Endpoint.Handler) -> Endpoint.Handler {
        { request, context in try await handler(try await read(request, in: context), context) }
    }
}

extension Request {
    fileprivate func refuseBody() throws(Problem) {
        let length = headers[.contentLength] ?? "0"
        guard length == "0", headers[.transferEncoding] == nil else {
            throw .badRequest("A \(method.rawValue) request to this path must have no body.")
        }
    }
}
