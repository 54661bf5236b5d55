import Accounts
package import Hummingbird
import HummingbirdCore
import Limits
package import Logging
package import NIOCore
import Web

/// The HTTP server of a process that serves nothing but its metrics: `/metrics` and `/v1/health/live`.
///
/// Few programs ask it, so it takes few connections, and the limits of time are those of a server by default.
/// - Parameters:
///   - metrics: Gives the series in Prometheus' text format.
///   - onServing: Called with the address once the server listens.
package func buildMetricsApplication(
    host: String, port: Int, metrics: @escaping @Sendable () -> String, logger: Logger,
    onServing: @escaping @Sendable (SocketAddress?) async -> Void = { _ in }
) throws -> some ApplicationProtocol {
    let usual = ServerConfiguration()
    let endpoints = try Endpoints([
        .get(MetricsRoute.path, .open, cost: .free, MetricsRoute(text: metrics).respond),
        .get("/v1/health/live", .open, cost: .free, HealthRoutes(repositories: []).live),
    ])
    let observer = RequestObserver(logger: logger, sampling: 0)
    let watch = RightsWatch(AccessVersion(0))
    let bounds = EndpointLimits(answer: usual.requestTimeout, body: usual.headTimeout, watch: watch)
    let router = Router(context: ClientContext.self, options: .autoGenerateHeadEndpoints)
    router.add(middleware: ObservingMiddleware(observer: observer))
    router.add(middleware: ProblemMiddleware())
    router.add(middleware: MethodMiddleware(endpoints: endpoints, crossOrigin: .none))
    // Access rules, which refuse methods elsewhere, are not asked here: everything is open.
    router.add(middleware: KnownMethodsMiddleware(endpoints: endpoints))
    for endpoint in endpoints.all { router.add(endpoint, within: bounds) }
    let limits = ConnectionLimits(
        idle: TimeAmount(usual.idleTimeout), head: TimeAmount(usual.headTimeout),
        write: TimeAmount(usual.writeTimeout))
    let clients = OpenConnections(most: MetricsConnections.ofOne, trust: .nobody, network: ClientNetwork.name)
    return Application(
        responder: ArrivalResponder(
            policy: ArrivalPolicy(), served: ServedPaths(templates: endpoints.readable, files: nil), observer: observer,
            next: router.buildResponder()),
        server: HTTPServerBuilder { responder in
            ServingChannel(responder: responder, limits: limits, shortcut: nil, certificate: nil, clients: clients)
        },
        configuration: ApplicationConfiguration(
            address: .hostname(host, port: port), serverName: ServerName.text,
            availableConnectionsDelegate: .maximum(MetricsConnections.most, logger: logger)),
        onServerRunning: { channel in await onServing(channel.localAddress) },
        logger: logger)
}

/// How many connections a server of metrics takes: of all clients, and of one.
private enum MetricsConnections {
    static let most = 64
    static let ofOne = 32
}

/// Refuses the methods that a path does not have with 405.
private struct KnownMethodsMiddleware: RouterMiddleware {
    typealias Context = ClientContext

    let endpoints: Endpoints

    func handle(
        _ request: Request, context: ClientContext, next: (Request, ClientContext) async throws -> Response
    ) async throws -> Response {
        if let path = context.endpointPath { _ = try endpoints.rule(path, request.method) }
        return try await next(request, context)
    }
}
