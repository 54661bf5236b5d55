import HTTPTypes
import Hummingbird
import Tiles

/// Adds routes: 405 for the methods that an address does not know, no request body, and a time limit.
struct Routes {
    typealias Handler = @Sendable (Request, ClientContext) async throws -> Response

    static let refusedMethods: [HTTPRequest.Method] = [
        .post, .put, .patch, .delete, .options, .trace, .connect, HTTPRequest.Method("QUERY")!,
    ]

    let router: Router<ClientContext>
    /// For an answer, and for the body of a query.
    let timeout: Duration
    /// How long a client may take to send any other body but a file.
    let bodyTimeout: Duration
    /// Ends what changes something when the right to it ends.
    let watch: RightsWatch

    /// GET, and HEAD with it.
    func get(_ path: RouterPath, _ handler: @escaping Handler) {
        on(path, [(.get, handler)])
    }

    /// GET, and POST with what does not fit into an address as its body.
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

    /// The methods that an address knows, and no other.
    /// - Parameters:
    ///   - bodies: Those that take a request body.
    ///   - longestBody: In bytes.
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

    /// The body of a request of ``post(_:_:_:)``.
    enum Body {
        case none
        /// Read before the handler is called, of at most so many bytes.
        case small(upTo: Int)
        /// Read by the handler.
        case file
    }

    /// POST without a time limit but that for a small body: it takes as long as what it is about is long.
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

    /// The same, given up when a right that a write needs has ended.
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
            // What the table of rules does not give to the address is refused before it comes here.
            router.on(path, method: method) { _, _ -> Response in throw Problem.fault }
        }
    }

    private static func refuseBody(_ request: Request) throws(Problem) {
        let length = request.headers[.contentLength] ?? "0"
        guard length == "0", request.headers[.transferEncoding] == nil else {
            throw .badRequest("A \(request.method.rawValue) request to this address takes no body.")
        }
    }
}
