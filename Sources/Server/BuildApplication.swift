package import Hummingbird
package import Logging
package import NIOCore

/// The HTTP server as a service: it ends gracefully when its service group does, which means that it stops accepting,
/// answers the requests in flight and closes idle connections.
/// - Parameter onServing: Told the address once the server listens.
/// - Throws: ``StaticFilesError`` when the folder of the map page cannot be read.
package func buildApplication(
    _ configuration: ServerConfiguration, sources: ServerSources, logger: Logger,
    onServing: @escaping @Sendable (SocketAddress?) async -> Void = { _ in }
) throws -> some ApplicationProtocol {
    Application(
        router: try buildRouter(configuration, sources: sources, logger: logger),
        server: .http1(configuration: .init(idleTimeout: TimeAmount(configuration.idleTimeout))),
        configuration: ApplicationConfiguration(
            address: .hostname(configuration.host, port: configuration.port),
            serverName: "hextant",
            availableConnectionsDelegate: .maximum(configuration.maximumConnections, logger: logger)),
        onServerRunning: { channel in await onServing(channel.localAddress) },
        logger: logger)
}
