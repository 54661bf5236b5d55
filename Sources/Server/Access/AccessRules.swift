import Accounts
import HTTPTypes
import Hummingbird

/// The rule of every route. A route that is not in this table is not served: the server does not start with it.
enum AccessRules {
    /// By template and method; a rule for GET is one for HEAD too. `static/openapi.json` says the same to clients.
    static let all: [String: [HTTPRequest.Method: AccessRule]] = [
        "/v1/tiles/{z}/{x}/{y}.mvt": [.get: .reader],
        "/tiles/{z}/{x}/{y}.mvt": [.get: .reader],
        "/v1/tiles.json": [.get: .reader],
        "/v1/datasets": [.get: .reader],
        "/v1/datasets/{slug}": [.get: .reader, .put: .role(.admin), .patch: .role(.admin), .delete: .role(.admin)],
        "/v1/views/refresh": [.post: .role(.admin)],
        "/v1/cache": [.delete: .role(.admin)],
        "/v1/hotspots": [.get: .reader, .post: .reader],
        "/v1/risk/{date}": [.get: .reader, .post: .reader],
        "/v1/cells/{h3}": [.get: .reader],
        "/v1/events": [.get: .role(.analyst), .post: .role(.analyst)],
        "/v1/stats": [.get: .reader, .post: .reader],
        "/v1/events/upload": [.post: .role(.analyst)],
        "/v1/ingest/batches": [.get: .role(.analyst)],
        "/v1/ingest/batches/{id}": [.get: .role(.analyst)],
        "/v1/ingest/dead-letters": [.get: .role(.analyst)],
        "/v1/ingest/dead-letters/remediate": [.post: .role(.analyst)],
        "/v1/analytics/run": [.post: .role(.analyst)],
        "/v1/analytics/runs": [.get: .reader],
        "/v1/analytics/runs/{id}": [.get: .reader, .delete: .role(.analyst)],
        "/v1/auth/token": [.post: .open],
        "/v1/auth/revoke": [.post: .open],
        "/ogc": [.get: .open],
        "/ogc/api": [.get: .open],
        "/ogc/conformance": [.get: .open],
        "/ogc/collections": [.get: .reader],
        "/ogc/collections/{collection}": [.get: .reader],
        "/ogc/collections/{collection}/queryables": [.get: .reader],
        "/ogc/collections/{collection}/items": [.get: .reader],
        "/ogc/collections/{collection}/items/{id}": [.get: .reader],
        "/ogc/collections/{collection}/tiles": [.get: .reader],
        "/ogc/collections/{collection}/tiles/WebMercatorQuad": [.get: .reader],
        "/ogc/tileMatrixSets": [.get: .open],
        "/ogc/tileMatrixSets/WebMercatorQuad": [.get: .open],
        "/v1/health/live": [.get: .open],
        "/v1/health/ready": [.get: .open],
        "/metrics": [.get: .open],
        "/": [.get: .open],
        "/docs": [.get: .open],
        "/openapi.json": [.get: .open],
        "/**": [.get: .open],
    ]

    /// Addresses that a POST only asks something, with what does not fit into the address as its body.
    private static let queried: Set<String> = ["/v1/hotspots", "/v1/risk/{date}", "/v1/events", "/v1/stats"]

    /// Whether a request changes something.
    static func writes(_ path: String, _ method: HTTPRequest.Method) -> Bool {
        method != .get && method != .head && !(method == .post && queried.contains(path))
    }

    /// The rule of a route.
    /// - Throws: ``Problem`` 405 for a method that the table does not give to the address.
    static func rule(_ path: String, _ method: HTTPRequest.Method) throws(Problem) -> AccessRule {
        guard let rules = all[path] else { throw .fault }
        guard let rule = rules[method == .head ? .get : method] else {
            throw .methodNotAllowed(allowed: try allowed(path))
        }
        return rule
    }

    /// The methods that a route knows, with commas, as `Allow` lists them.
    static func allowed(_ path: String) throws(Problem) -> String {
        guard let rules = all[path] else { throw .fault }
        let methods = rules.keys.flatMap { $0 == .get ? ["GET", "HEAD"] : [$0.rawValue] } + ["OPTIONS"]
        return methods.sorted(by: isFirst).joined(separator: ", ")
    }

    /// The templates of a router's routes that know GET.
    static func readable(in router: Router<some RequestContext>) -> [String] {
        router.routes.map(\.path.description).filter { all[$0]?[.get] != nil }
    }

    /// - Throws: ``RouteWithoutRule``, when the router serves an address that is not in the table.
    static func check(_ router: Router<some RequestContext>) throws(RouteWithoutRule) {
        for route in router.routes where all[route.path.description] == nil {
            throw RouteWithoutRule(route: route.path.description)
        }
    }

    /// Those that read before those that write, as people list them.
    private static func isFirst(_ one: String, _ other: String) -> Bool {
        let order = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
        return (order.firstIndex(of: one) ?? order.count) < (order.firstIndex(of: other) ?? order.count)
    }
}

/// A route that nobody said who may use.
struct RouteWithoutRule: Error, CustomStringConvertible {
    let route: String

    var description: String { "the route \(route) has no rule in AccessRules: say there who may use it" }
}
