import HTTPTypes
import Hummingbird

/// One path of the API: its methods, who may use each, what a request costs, and what answers it. The router, the
/// access rules, the rate limits and the check against `static/openapi.json` follow from this declaration alone.
struct Endpoint {
    typealias Handler = @Sendable (Request, ClientContext) async throws -> Response

    /// The body of a request.
    enum Body: Hashable {
        case none
        /// Parameters that are too long for a URL. The request only reads.
        case parameters
        /// Rows of at most this many bytes in all, which are looked at and not stored. The request only reads.
        case rows(upTo: Int)
        /// A body of at most this many bytes, read before the handler is called.
        case small(upTo: Int)
        /// A file, read by the handler.
        case file
    }

    /// One method of a path.
    struct Operation {
        let rule: AccessRule
        var body = Body.none
        /// Whether the time limit of requests holds. Without it the time depends on the amount of work.
        var isTimed = true
        let handler: Handler
    }

    /// Template of the path, such as `/v1/cells/{h3}`; `/**` stands for any path.
    let path: String
    /// The cost of each request; each page of a list is a request.
    let cost: RequestCost
    /// The operation of GET answers HEAD too.
    let operations: [HTTPRequest.Method: Operation]

    init(_ path: String, cost: RequestCost = .units(1), _ operations: [HTTPRequest.Method: Operation]) {
        self.path = path
        self.cost = cost
        self.operations = operations
    }

    /// A path with GET and HEAD.
    static func get(
        _ path: String, _ rule: AccessRule, cost: RequestCost = .units(1), _ handler: @escaping Handler
    ) -> Self {
        Self(path, cost: cost, [.get: Operation(rule: rule, handler: handler)])
    }

    /// A path with GET and HEAD, and POST with parameters in the body that are too long for a URL.
    static func query(
        _ path: String, _ rule: AccessRule, cost: RequestCost = .units(1), _ handler: @escaping Handler
    ) -> Self {
        Self(
            path, cost: cost,
            [
                .get: Operation(rule: rule, handler: handler),
                .post: Operation(rule: rule, body: .parameters, handler: handler),
            ])
    }

    /// A path with POST and nothing else, without a time limit except for a small body.
    static func post(
        _ path: String, _ rule: AccessRule, _ body: Body, cost: RequestCost, _ handler: @escaping Handler
    ) -> Self {
        Self(path, cost: cost, [.post: Operation(rule: rule, body: body, isTimed: false, handler: handler)])
    }

    /// The operation of a method; GET answers HEAD too.
    func operation(_ method: HTTPRequest.Method) -> Operation? { operations[method == .head ? .get : method] }

    /// Whether a request of this method changes something.
    func writes(_ method: HTTPRequest.Method) -> Bool {
        guard method != .get, method != .head else { return false }
        return switch operations[method]?.body {
        case .parameters, .rows: false
        default: true
        }
    }

    /// The methods, separated by commas, for the header `Allow`. Those that read come before those that write.
    var allowed: String {
        let methods = operations.keys.flatMap { $0 == .get ? ["GET", "HEAD"] : [$0.rawValue] } + ["OPTIONS"]
        let order = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
        return order.filter(methods.contains).joined(separator: ", ")
    }
}
