import Foundation
import NIOCore
import NIOPosix

/// An open connection on which a test sends and reads any bytes.
enum WireConnection {
    /// Runs `body` on a new connection and closes it.
    static func with<Output>(
        _ address: SocketAddress,
        _ body: (
            _ inbound: inout NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator,
            _ outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
        ) async throws -> Output
    ) async throws -> Output {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(to: address) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            var iterator = inbound.makeAsyncIterator()
            return try await body(&iterator, outbound)
        }
    }
}

extension NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator {
    /// Reads the next answer with its body, if it has a `Content-Length`; `nil` when the server has closed the
    /// connection.
    mutating func answer(toHead isHead: Bool = false, rest: inout Data) async throws -> Answer? {
        while true {
            if let end = rest.firstRange(of: Data("\r\n\r\n".utf8))?.upperBound, let head = Answer(rest[..<end]) {
                let length = isHead ? 0 : head.headers["content-length"].flatMap { Int($0) } ?? 0
                if rest.count >= end - rest.startIndex + length {
                    let answer = Answer(rest.prefix(end - rest.startIndex + length))
                    rest = Data(rest.dropFirst(end - rest.startIndex + length))
                    return answer
                }
            }
            guard let part = try await next() else { return nil }
            rest.append(contentsOf: part.readableBytesView)
        }
    }
}
