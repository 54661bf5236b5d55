import HTTPTypes
package import Hummingbird

/// Lets only requests through that carry the operator's token, as `Authorization: Bearer TOKEN`.
///
/// Until there are accounts this is what guards everything that changes the store. Without a configured token nobody
/// passes.
package struct OperatorOnly<Context: RequestContext>: RouterMiddleware {
    private let token: [UInt8]?

    /// - Parameter token: `nil` closes what this guards; an empty one is none.
    package init(token: String?) {
        self.token = token.flatMap { $0.isEmpty ? nil : Array($0.utf8) }
    }

    package func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        guard token != nil else { throw Self.closed }
        guard try isOperator(request) else { throw Self.unauthorized("This address needs the operator's token.") }
        return try await next(request, context)
    }

    /// Whether the request carries the token; `false` when it carries none.
    /// - Throws: ``Problem`` 401 for a token that is not the operator's.
    package func isOperator(_ request: Request) throws -> Bool {
        guard let authorization = request.headers[.authorization] else { return false }
        let parts = authorization.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer", let token, Self.isSame(token, parts[1].utf8) else {
            throw Self.unauthorized("The token is not the operator's.")
        }
        return true
    }

    /// Takes the same time wherever the two differ, so that the time tells nothing of the token.
    static func isSame(_ token: [UInt8], _ given: some Sequence<UInt8>) -> Bool {
        let given = Array(given)
        var difference = token.count ^ given.count
        for index in token.indices {
            difference |= Int(token[index] ^ (index < given.count ? given[index] : 0))
        }
        return difference == 0
    }

    private static var closed: Problem {
        Problem(status: .forbidden, detail: "This server takes no orders: its operator has set no operator_token.")
    }

    private static func unauthorized(_ detail: String) -> Problem {
        Problem(status: .unauthorized, detail: detail, headers: [.wwwAuthenticate: "Bearer realm=\"hextant\""])
    }
}
