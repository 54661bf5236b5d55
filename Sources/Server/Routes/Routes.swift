import HTTPTypes
import Hummingbird

/// Adds routes that are read-only: GET with its HEAD, 405 for the rest, no request body, and a time limit.
struct Routes {
    typealias Handler = @Sendable (Request, BasicRequestContext) async throws -> Response

    static let refusedMethods: [HTTPRequest.Method] = [.post, .put, .patch, .delete, .options, .trace, .connect]

    let router: Router<BasicRequestContext>
    let timeout: Duration

    func get(_ path: RouterPath, _ handler: @escaping Handler) {
        let timeout = timeout
        router.on(path, method: .get) { request, context in
            try Self.refuseBody(request)
            return try await withDeadline(timeout) { try await handler(request, context) }
        }
        for method in Self.refusedMethods {
            router.on(path, method: method) { _, _ -> Response in
                throw Problem.methodNotAllowed(allowed: "GET, HEAD")
            }
        }
    }

    private static func refuseBody(_ request: Request) throws(Problem) {
        let length = request.headers[.contentLength] ?? "0"
        guard length == "0", request.headers[.transferEncoding] == nil else {
            throw .badRequest("A \(request.method.rawValue) request to this address takes no body.")
        }
    }
}
