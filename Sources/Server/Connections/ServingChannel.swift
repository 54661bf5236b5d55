import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1

/// How a connection is set up and served: HTTP/1.1 by the router, behind a guard and, for tiles in memory, a short cut.
struct ServingChannel: ServerChildChannel {
    struct Value: ServerChildChannelValue {
        let http: HTTP1Channel.Value
        /// Comes when nobody waits for an answer any more.
        let left: EventLoopFuture<Void>

        var channel: any Channel { http.channel }
    }

    let http1: HTTP1Channel
    let limits: ConnectionLimits
    let answerer: TileAnswerer?

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        let limits = limits
        let answerer = answerer
        return channel.eventLoop.makeCompletedFuture {
            let activity = ConnectionActivity(limits: limits)
            let left = channel.eventLoop.makePromise(of: Void.self)
            let pipeline = channel.pipeline.syncOperations
            try pipeline.addHandler(ConnectionGuard(activity, limits: limits, left: left))
            if let answerer { try pipeline.addHandler(TileShortcut(activity, answerer)) }
            return (NIOLoopBound(activity, eventLoop: channel.eventLoop), left.futureResult)
        }.flatMap { activity, left in
            http1.setup(channel: channel, logger: logger).flatMapThrowing { http in
                let pipeline = channel.pipeline.syncOperations
                let decoder = try pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
                try pipeline.addHandler(RequestTracker(activity.value), position: .after(decoder))
                return Value(http: http, left: left)
            }
        }
    }

    func handle(value: Value, logger: Logger) async {
        let work = Task { await http1.handle(value: value.http, logger: logger) }
        value.left.whenComplete { _ in work.cancel() }
        await withTaskCancellationHandler {
            await work.value
        } onCancel: {
            work.cancel()
        }
    }
}
