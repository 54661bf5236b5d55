import HummingbirdCore
import NIOCore
import NIOHTTP2
import NIOHTTPTypesHTTP2

extension ChannelPipeline.SynchronousOperations {
    /// Adds the handlers of HTTP/2. Each stream is served like a connection of its own.
    func addHTTP2(
        _ eventLoop: any EventLoop, _ activity: ConnectionActivity, _ limits: ConnectionLimits
    ) throws -> NIOHTTP2Handler.AsyncStreamMultiplexer<HTTP1Channel.Value?> {
        let frames = FrameGuard(activity)
        let shared = NIOLoopBound((activity, frames), eventLoop: eventLoop)
        let drain = NIOHTTP2ServerConnectionManagementHandler(
            eventLoop: eventLoop,
            configuration: .init(maxIdleTime: limits.idle, maxAge: nil, maxGraceTime: nil, keepalive: nil))
        try addHandler(frames)
        let streams = try configureAsyncHTTP2Pipeline(
            mode: .server,
            streamDelegate: StreamNews(
                frames: NIOLoopBound(frames, eventLoop: eventLoop), next: drain.http2StreamDelegate),
            frameDelegate: frames,
            configuration: .behindFrameGuard
        ) { stream -> EventLoopFuture<HTTP1Channel.Value?> in
            stream.eventLoop.makeCompletedFuture {
                let (activity, frames) = shared.value
                guard frames.admits() else {
                    stream.writeAndFlush(HTTP2Frame.FramePayload.rstStream(.refusedStream), promise: nil)
                    return nil
                }
                let number = try stream.syncOptions?.getOption(HTTP2StreamChannelOptions.streamID)
                let pipeline = stream.pipeline.syncOperations
                try pipeline.addHandler(HeadMeter(frames))
                try pipeline.addHandler(HTTP2FramePayloadToHTTPServerCodec())
                try pipeline.addHandler(StreamDoor())
                try pipeline.addHandler(BodylessAnswers())
                try pipeline.addHandler(SecureScheme())
                try pipeline.addHandler(
                    StreamGuard(activity, frames, stream: UInt32(number.map { Int($0) } ?? 0), limits: limits))
                return try HTTP1Channel.Value(wrappingChannelSynchronously: stream)
            }
        }
        try addHandlers(drain, FrameFaults(frames))
        return streams
    }
}

extension NIOHTTP2Handler.Configuration {
    /// Configures the codec with limits above those of ``FrameLedger``, except for faults of streams, which only it
    /// sees.
    fileprivate static var behindFrameGuard: Self {
        var configuration = Self()
        configuration.connection.initialSettings = SettingsExchange.ofCodec
        // ``FrameGuard`` decides how much the connection may receive.
        configuration.connection.targetWindowSize = 0
        configuration.connection.maximumSequentialEmptyDataFrames = 32
        configuration.connection.maximumBufferedControlFrames = 1000
        // Covers frames that were on their way when their stream was refused or reset.
        configuration.connection.maximumRecentlyResetStreams = 256
        configuration.connection.maximumConnectionGlitches = 10_000
        configuration.connection.controlFrameRateLimit.maximumCount = 2000
        configuration.stream.streamResetFrameRateLimit.maximumCount = 2000
        return configuration
    }
}
