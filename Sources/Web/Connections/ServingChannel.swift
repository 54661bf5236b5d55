package import HummingbirdCore
package import Logging
package import NIOCore
import NIOHTTP1
package import NIOHTTP2
import NIOHTTPTypes
import NIOSSL
import NIOTLS

/// Sets up and serves a connection with the router, a guard and, for tiles in memory, a shortcut. With a certificate it
/// is encrypted and the two ends agree on HTTP/2 or HTTP/1.1; without one it speaks HTTP/1.1.
package struct ServingChannel: ServerChildChannel {
    package struct Value: ServerChildChannelValue {
        package let channel: any Channel
        /// The agreed HTTP version; fails when the two ends do not agree.
        let conversation: EventLoopFuture<Conversation>
        /// Succeeds when nobody waits for an answer any more.
        package let left: EventLoopFuture<Void>
    }

    /// Makes a handler for a connection of HTTP/1.1 that stands before its parser and may answer instead of the router.
    package typealias Shortcut = @Sendable (_ activity: ConnectionActivity, _ isSecure: Bool) -> any ChannelHandler

    private let http1: HTTP1Channel
    private let limits: ConnectionLimits
    private let shortcut: Shortcut?
    private let certificate: ServerCertificate?
    private let clients: OpenConnections

    package init(
        responder: @escaping HTTPChannelHandler.Responder, limits: ConnectionLimits, shortcut: Shortcut?,
        certificate: ServerCertificate?, clients: OpenConnections
    ) {
        let isSecure = certificate != nil
        http1 = HTTP1Channel(
            responder: responder,
            configuration: .init(additionalChannelHandlers: isSecure ? [SecureScheme()] : []))
        self.limits = limits
        self.shortcut = shortcut
        self.certificate = certificate
        self.clients = clients
    }

    package func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        let address = channel.remoteAddress?.ipAddress
        guard clients.open(address) else {
            // The code that accepted the connection closes it, with nothing read or sent.
            logger.debug("a client address has too many connections", metadata: ["address": "\(address ?? "?")"])
            return channel.eventLoop.makeFailedFuture(OpenConnections.TooMany())
        }
        channel.closeFuture.whenComplete { _ in clients.close(address) }
        return channel.eventLoop.makeCompletedFuture {
            // Every further read at a time would let more bytes wait.
            try channel.syncOptions?.setOption(.maxMessagesPerRead, value: 1)
            let activity = ConnectionActivity(limits: limits, shakesHands: certificate != nil)
            let left = channel.eventLoop.makePromise(of: Void.self)
            let pipeline = channel.pipeline.syncOperations
            try pipeline.addHandler(CutOffHandler())
            if let certificate { try pipeline.addHandler(NIOSSLServerHandler(context: certificate.context)) }
            try pipeline.addHandler(ConnectionGuard(activity, left: left))
            let conversation: EventLoopFuture<Conversation>
            if certificate == nil {
                conversation = converse(http2: false, channel, activity, logger)
            } else {
                let negotiation = NIOTypedApplicationProtocolNegotiationHandler { agreed in
                    converse(http2: agreed == .negotiated("h2"), channel, activity, logger)
                }
                try pipeline.addHandler(negotiation)
                conversation = negotiation.protocolNegotiationResult
            }
            return Value(channel: channel, conversation: conversation, left: left.futureResult)
        }
    }

    package func handle(value: Value, logger: Logger) async {
        do {
            switch try await value.conversation.get() {
            case .http1(let connection): await serve(connection, until: value.left, logger)
            case .http2(let streams):
                try await withThrowingDiscardingTaskGroup { group in
                    for try await case let stream? in streams.inbound {
                        group.addTask { await serve(stream, until: stream.channel.closeFuture, logger) }
                    }
                }
            }
        } catch {
            logger.debug("a connection ended", metadata: ["error": "\(error)"])
        }
        // Nobody accepts its streams any more.
        value.channel.close(promise: nil)
    }

    private func converse(
        http2: Bool, _ channel: any Channel, _ activity: ConnectionActivity, _ logger: Logger
    ) -> EventLoopFuture<Conversation> {
        http2 ? speakHTTP2(channel, activity) : speakHTTP1(channel, activity, logger)
    }

    private func speakHTTP1(
        _ channel: any Channel, _ activity: ConnectionActivity, _ logger: Logger
    ) -> EventLoopFuture<Conversation> {
        channel.eventLoop.makeCompletedFuture {
            if let shortcut {
                try channel.pipeline.syncOperations.addHandler(shortcut(activity, certificate != nil))
            }
            try channel.pipeline.syncOperations.addHandler(RequestGate(activity))
            return NIOLoopBound(activity, eventLoop: channel.eventLoop)
        }.flatMap { activity in
            http1.setup(channel: channel, logger: logger).flatMapThrowing { connection in
                let pipeline = channel.pipeline.syncOperations
                let decoder = try pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
                let door = RequestDoor()
                try pipeline.addHandler(RequestTracker(activity.value), position: .after(decoder))
                try pipeline.addHandler(door, position: .after(decoder))
                try pipeline.addHandler(FramingMeter(door), position: .before(decoder))
                return .http1(connection)
            }
        }
    }

    private func speakHTTP2(_ channel: any Channel, _ activity: ConnectionActivity) -> EventLoopFuture<Conversation> {
        activity.isMultiplexed = true
        return channel.eventLoop.makeCompletedFuture {
            .http2(try channel.pipeline.syncOperations.addHTTP2(channel.eventLoop, activity, limits))
        }
    }

    /// Serves requests until there are no more, or until nobody waits for their answers.
    private func serve(_ connection: HTTP1Channel.Value, until left: EventLoopFuture<Void>, _ logger: Logger) async {
        let work = Task { await http1.handle(value: connection, logger: logger) }
        left.whenComplete { _ in work.cancel() }
        await withTaskCancellationHandler {
            await work.value
        } onCancel: {
            work.cancel()
        }
    }
}

/// The HTTP version that is spoken on a connection.
package enum Conversation: Sendable {
    /// One request after the other.
    case http1(HTTP1Channel.Value)
    /// Many requests at a time, each in a stream that works like a connection of its own; a refused stream is `nil`.
    case http2(NIOHTTP2Handler.AsyncStreamMultiplexer<HTTP1Channel.Value?>)
}
