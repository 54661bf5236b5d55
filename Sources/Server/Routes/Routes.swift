import HTTPTypes
import Hummingbird
import Tiles

/// Adds routes with a time limit, 405 for methods that a path does not have, and no request body unless one is
/// declared.
struct Routes {
    typealias Handler = @Sendable (Request, ClientContext) async throws -> Response

    static let refusedMethods: [HTTPRequest.Method] = [
        .post, .put, .patch, .delete, .options, .trace, .connect, HTTPRequest.Method("QUERY")!,
    ]

    let router: Router<ClientContext>
    /// The time limit for an answer and for the body of a query.
    let timeout: Duration
    /// How long a client may take to send any other body except a file.
    let bodyTimeout: Duration
    /// Ends writes when the right to them ends.
    let watch: RightsWatch

    /// Adds GET and HEAD.
    func get(_ path: RouterPath, _ handler: @escaping Handler) {
        on(path, [(.get, handler)])
    }

    /// Adds GET and HEAD, and POST with parameters in the body that are too long for a URL.
    func query(_ path: RouterPath, _ handler: @escaping Handler) {
        let timeout = timeout
        let body = SmallBody(longest: PolygonBody.longestBody, patience: timeout)
        router.get(path) { request, context in
            try Self.refuseBody(request)
            return try await withDeadline(timeout) { try await handler(request, context) }
        }
        router.post(path) { request, context in
            let request = try await body.read(request, in: context)
            return try await withDeadline(timeout) { try await handler(request, context) }
        }
        refuseOthers(path, than: [.get, .post])
    }

    /// Adds methods to a path; it has no others.
    /// - Parameters:
    ///   - bodies: The methods that take a request body.
    ///   - longestBody: The largest body in bytes.
    func on(
        _ path: RouterPath, _ handlers: [(method: HTTPRequest.Method, handler: Handler)],
        withBody bodies: [(method: HTTPRequest.Method, handler: Handler)] = [], upTo longestBody: Int = 0
    ) {
        let timeout = timeout
        let body = SmallBody(longest: longestBody, patience: bodyTimeout)
        for (method, handler) in handlers {
            let handler = held(handler)
            router.on(path, method: method) { request, context in
                try Self.refuseBody(request)
                return try await withDeadline(timeout) { try await handler(request, context) }
            }
        }
        for (method, handler) in bodies {
            let answer = held { request, context in
                let request = try await body.read(request, in: context)
                return try await withDeadline(timeout) { try await handler(request, context) }
            }
            router.on(path, method: method, use: answer)
        }
        refuseOthers(path, than: (handlers + bodies).map(\.method))
    }

    /// The kind of body of a request of ``post(_:_:_:)``.
    enum Body {
        case none
        /// A body of at most this many bytes, read before the handler is called.
        case small(upTo: Int)
        /// A file, read by the handler.
        case file
    }

    /// Adds POST without a time limit except for a small body, because the time depends on the amount of work.
    func post(_ path: RouterPath, _ body: Body, _ handler: @escaping Handler) {
        let patience = bodyTimeout
        let answer = held { request, context in
            switch body {
            case .none:
                try Self.refuseBody(request)
                return try await handler(request, context)
            case .small(let longest):
                let body = SmallBody(longest: longest, patience: patience)
                return try await handler(try await body.read(request, in: context), context)
            case .file: return try await handler(request, context)
            }
        }
        router.on(path, method: .post, use: answer)
        refuseOthers(path, than: [.post])
    }

    /// The handler, cancelled when a right that a write needs has ended.
    private func held(_ handler: @escaping Handler) -> Handler {
        { [watch] request, context in
            guard let right = context.right, AccessRules.writes(context.endpointPath ?? "", request.method) else {
                return try await handler(request, context)
            }
            return try await watch.whileHeld(right) { try await handler(request, context) }
        }
    }

    private func refuseOthers(_ path: RouterPath, than methods: [HTTPRequest.Method]) {
        for method in ([.get] + Self.refusedMethods) where !methods.contains(method) {
            // Methods that the table of rules does not have are refused before they get here.
            router.on(path, method: method) { _, _ -> Response in throw Problem.fault }
        }
    }

    private static func refuseBody(_ request: Request) throws(Problem) {
        let length = request.headers[.contentLength] ?? "0"
        guard length == "0", request.headers[.transferEncoding] == nil else {
            throw .badRequest("A \(request.method.rawValue) request to this path must have no body.")
        }
    }
}
