import HTTPTypes
import Hummingbird
import Web

/// Every endpoint of a server, by its path.
struct Endpoints {
    let all: [Endpoint]
    private let byPath: [String: Endpoint]

    /// - Throws: ``EndpointFault`` for a path that is declared twice, and for a write that anybody may send without
    ///   credentials, sign-in excepted.
    init(_ all: [Endpoint]) throws(EndpointFault) {
        self.all = all
        var byPath: [String: Endpoint] = [:]
        for endpoint in all {
            guard byPath.updateValue(endpoint, forKey: endpoint.path) == nil else {
                throw EndpointFault(description: "the path \(endpoint.path) is declared twice")
            }
            for (method, operation) in endpoint.operations where endpoint.writes(method) {
                guard case .role = operation.rule else {
                    if endpoint.path.hasPrefix(AuthRoutes.prefix) { continue }
                    throw EndpointFault(description: "\(method.rawValue) \(endpoint.path) writes without a role")
                }
            }
        }
        self.byPath = byPath
    }

    /// The endpoint of a route.
    /// - Throws: ``Problem`` 500 for a route that was not declared, which no request can reach.
    subscript(path: String) -> Endpoint {
        get throws(Problem) {
            guard let endpoint = byPath[path] else { throw .fault }
            return endpoint
        }
    }

    /// The access rule of a request.
    /// - Throws: ``Problem`` 405 for a method that the path does not have.
    func rule(_ path: String, _ method: HTTPRequest.Method) throws(Problem) -> AccessRule {
        let endpoint = try self[path]
        guard let operation = endpoint.operation(method) else {
            throw .methodNotAllowed(allowed: endpoint.allowed)
        }
        return operation.rule
    }

    /// Whether a request changes something.
    func writes(_ path: String, _ method: HTTPRequest.Method) -> Bool { byPath[path]?.writes(method) ?? false }

    /// The cost of a request; one unit for a path without an endpoint.
    func cost(_ path: String?, _ request: Request) -> RequestCost {
        path.flatMap { byPath[$0] }?.cost.units(of: request) ?? .units(1)
    }

    /// The templates of the paths that have GET.
    var readable: [String] { all.filter { $0.operations[.get] != nil }.map(\.path) }
}

/// A declaration with which a server does not start.
struct EndpointFault: Error, CustomStringConvertible {
    let description: String
}
