import Accounts
package import Hummingbird
import HummingbirdCore
import Limits
package import Logging
package import NIOCore
import Tiles
import Web

/// The HTTP server as a service. It ends gracefully when its service group does: it stops accepting connections,
/// answers the requests under way and closes idle connections.
/// - Parameter onServing: Called with the address once the server listens.
/// - Throws: ``StaticFilesError`` when the folder of the map page cannot be read, ``EndpointFault`` for a wrong
///   declaration.
package func buildApplication(
    _ configuration: ServerConfiguration, sources: ServerSources, logger: Logger,
    onServing: @escaping @Sendable (SocketAddress?) async -> Void = { _ in }
) throws -> some ApplicationProtocol {
    let observer = RequestObserver(logger: logger, sampling: configuration.accessLogSampling)
    let tiles = TileParts(configuration, sources: sources, logger: logger)
    let local = LocalBuckets()
    let limiter = RateLimiter(configuration.limits, shared: sources.rates ?? local, local: local)
    let answerer = tiles.answerer(
        sources.tiles, observer: observer, limiter: limiter, arrival: configuration.arrival)
    let limits = ConnectionLimits(
        idle: TimeAmount(configuration.idleTimeout), head: TimeAmount(configuration.headTimeout),
        write: TimeAmount(configuration.writeTimeout))
    let access = sources.accounts?.access ?? AccessVersion(0)
    let watch = RightsWatch(access)
    let clients = OpenConnections(
        most: configuration.addressConnections, trust: configuration.arrival.trust, network: ClientNetwork.name)
    let files = try configuration.staticRoot.map { try StaticFiles(root: $0) }
    let endpoints = try Endpoints(configuration, sources, tiles, files)
    let router = Router(context: ClientContext.self, options: .autoGenerateHeadEndpoints)
    router.add(middleware: ObservingMiddleware(observer: observer))
    router.add(middleware: ProblemMiddleware())
    router.add(middleware: MethodMiddleware(endpoints: endpoints, crossOrigin: configuration.arrival.crossOrigin))
    router.add(
        middleware: AccessMiddleware(
            endpoints: endpoints, authenticator: Authenticator(sources.accounts), catalogue: tiles.catalogue,
            access: access, watch: watch, audit: sources.accounts?.audit, limiter: limiter))
    router.add(middleware: RateLimitMiddleware(endpoints: endpoints, limiter: limiter))
    let bounds = EndpointLimits(answer: configuration.requestTimeout, body: configuration.headTimeout, watch: watch)
    for endpoint in endpoints.all { router.add(endpoint, within: bounds) }
    return Application(
        responder: ArrivalResponder(
            policy: configuration.arrival, publicURL: configuration.publicURL,
            served: ServedPaths(
                templates: endpoints.readable, inward: [MetricsRoute.path], files: files),
            observer: observer,
            next: router.buildResponder()),
        server: HTTPServerBuilder { responder in
            ServingChannel(
                responder: responder, limits: limits,
                shortcut: { TileShortcut($0, answerer, isSecure: $1) }, certificate: configuration.certificate,
                clients: clients)
        },
        configuration: ApplicationConfiguration(
            address: .hostname(configuration.host, port: configuration.port),
            serverName: ServerName.text,
            availableConnectionsDelegate: .maximum(configuration.maximumConnections, logger: logger)),
        services: [watch],
        onServerRunning: { channel in await onServing(channel.localAddress) },
        logger: logger)
}
