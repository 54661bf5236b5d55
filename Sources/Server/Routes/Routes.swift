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
    let timeout: Duration
    /// Ends what changes something when the right to it ends.
    let watch: RightsWatch

    /// GET, and HEAD with it.
    func get(_ path: RouterPath, _ handler: @escaping Handler) {
        on(path, [(.get, handler)])
    }

    /// GET, and POST with what does not fit into an address as its body; the handler reads it.
    func query(_ path: RouterPath, _ handler: @escaping Handler) {
        let timeout = timeout
        router.get(path) { request, context in
            try Self.refuseBody(request)
            return try await withDeadline(timeout) { try await handler(request, context) }
        }
        router.post(path) { request, context in
            try await withDeadline(timeout) { try await handler(request, context) }
        }
        refuseOthers(path, than: [.get, .post])
    }

    /// The methods that an address knows, and no other.
    /// - Parameter bodies: Those that take a request body, which they have to read in time.
    func on(
        _ path: RouterPath, _ handlers: [(method: HTTPRequest.Method, handler: Handler)],
        withBody bodies: [(method: HTTPRequest.Method, handler: Handler)] = []
    ) {
        let timeout = timeout
        for (method, handler) in handlers {
            let handler = held(handler)
            router.on(path, method: method) { request, context in
                try Self.refuseBody(request)
                return try await withDeadline(timeout) { try await handler(request, context) }
            }
        }
        for (method, handler) in bodies {
            let handler = held(handler)
            router.on(path, method: method) { request, context in
                try await withDeadline(timeout) { try await handler(request, context) }
            }
        }
        refuseOthers(path, than: (handlers + bodies).map(\.method))
    }

    /// POST with a body, and without a time limit: it takes as long as the body is long.
    func post(_ path: RouterPath, _ handler: @escaping Handler) {
        router.on(path, method: .post, use: held(handler))
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
