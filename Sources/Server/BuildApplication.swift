import Accounts
package import Hummingbird
import HummingbirdCore
import Limits
package import Logging
package import NIOCore
import Tiles

/// The HTTP server as a service. It ends gracefully when its service group does: it stops accepting connections,
/// answers the requests under way and closes idle connections.
/// - Parameter onServing: Called with the address once the server listens.
/// - Throws: ``StaticFilesError`` when the folder of the map page cannot be read.
package func buildApplication(
    _ configuration: ServerConfiguration, sources: ServerSources, logger: Logger,
    onServing: @escaping @Sendable (SocketAddress?) async -> Void = { _ in }
) throws -> some ApplicationProtocol {
    let observer = RequestObserver(logger: logger, sampling: configuration.accessLogSampling)
    let tiles = TileParts(configuration, sources: sources, logger: logger)
    let local = LocalBuckets()
    let limiter = RateLimiter(configuration.limits, shared: sources.rates ?? local, local: local)
    let answerer = (sources.tiles as? MemoryTileTier).map {
        tiles.answerer($0, observer: observer, limiter: limiter, arrival: configuration.arrival)
    }
    let limits = ConnectionLimits(
        idle: TimeAmount(configuration.idleTimeout), head: TimeAmount(configuration.headTimeout),
        write: TimeAmount(configuration.writeTimeout))
    let access = sources.accounts?.access ?? AccessVersion(0)
    let watch = RightsWatch(access)
    let clients = OpenConnections(most: configuration.addressConnections, trust: configuration.arrival.trust)
    let files = try configuration.staticRoot.map { try StaticFiles(root: $0) }
    let router = try buildRouter(
        configuration, sources: sources, tiles: tiles, observer: observer, limiter: limiter, watch: watch,
        access: access, files: files)
    return Application(
        responder: ArrivalResponder(
            policy: configuration.arrival, publicURL: configuration.publicURL,
            served: ServedPaths(templates: AccessRules.readable(in: router), files: files), observer: observer,
            next: router.buildResponder()),
        server: HTTPServerBuilder { responder in
            ServingChannel(
                responder: responder, limits: limits, answerer: answerer, certificate: configuration.certificate,
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
