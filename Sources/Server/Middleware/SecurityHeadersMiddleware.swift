import HTTPTypes
import Hummingbird

/// Sets on every answer what keeps a browser from guessing and from telling others.
struct SecurityHeadersMiddleware<Context: RequestContext>: RouterMiddleware {
    func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        var response = try await next(request, context)
        for (name, value) in SecurityHeaders.fields { response.headers[name] = value }
        return response
    }
}

enum SecurityHeaders {
    static let fields: [(name: HTTPField.Name, value: String)] = [
        (.xContentTypeOptions, "nosniff"),
        (.referrerPolicy, "strict-origin-when-cross-origin"),
    ]
}

extension HTTPField.Name {
    static let referrerPolicy = Self("Referrer-Policy")!
}
