import Accounts
import HTTPTypes
import Hummingbird

/// The access rule of every route. The server does not start with a route that is not in this table.
enum AccessRules {
    /// The rules by template and method. The rule for GET is also that for HEAD. `static/openapi.json` repeats them.
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

    /// Paths where POST is a query whose parameters are in the body because they are too long for the URL.
    private static let queried: Set<String> = ["/v1/hotspots", "/v1/risk/{date}", "/v1/events", "/v1/stats"]

    /// Whether a request changes something.
    static func writes(_ path: String, _ method: HTTPRequest.Method) -> Bool {
        method != .get && method != .head && !(method == .post && queried.contains(path))
    }

    /// The rule of a route.
    /// - Throws: ``Problem`` 405 for a method that the path does not have.
    static func rule(_ path: String, _ method: HTTPRequest.Method) throws(Problem) -> AccessRule {
        guard let rules = all[path] else { throw .fault }
        guard let rule = rules[method == .head ? .get : method] else {
            throw .methodNotAllowed(allowed: try allowed(path))
        }
        return rule
    }

    /// The methods of a route, separated by commas, for the header `Allow`.
    static func allowed(_ path: String) throws(Problem) -> String {
        guard let rules = all[path] else { throw .fault }
        let methods = rules.keys.flatMap { $0 == .get ? ["GET", "HEAD"] : [$0.rawValue] } + ["OPTIONS"]
        return methods.sorted(by: isFirst).joined(separator: ", ")
    }

    /// The templates of a router's routes that have GET.
    static func readable(in router: Router<some RequestContext>) -> [String] {
        router.routes.map(\.path.description).filter { all[$0]?[.get] != nil }
    }

    /// - Throws: ``RouteWithoutRule`` when the router has a path that is not in the table.
    static func check(_ router: Router<some RequestContext>) throws(RouteWithoutRule) {
        for route in router.routes where all[route.path.description] == nil {
            throw RouteWithoutRule(route: route.path.description)
        }
    }

    /// Sorts methods that read before those that write, as people list them.
    private static func isFirst(_ one: String, _ other: String) -> Bool {
        let order = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
        return (order.firstIndex(of: one) ?? order.count) < (order.firstIndex(of: other) ?? order.count)
    }
}

/// A route without a rule for who may use it.
struct RouteWithoutRule: Error, CustomStringConvertible {
    let route: String

    var description: String { "the route \(route) has no rule in AccessRules: add one that says who may use it" }
}
