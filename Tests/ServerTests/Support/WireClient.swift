import Foundation
import NIOCore
import NIOPosix

/// Sends HTTP/1.1 as plain text, one request per connection, so that a test sees every header as it was sent.
struct WireClient {
    let address: SocketAddress
    /// A token or key that every request carries.
    var credential: String?

    var origin: String { "http://127.0.0.1:\(address.port ?? 0)" }

    func get(_ path: String, _ headers: [String: String] = [:]) async throws -> Answer {
        try await send("GET", path, headers)
    }

    func send(
        _ method: String, _ path: String, _ headers: [String: String] = [:], body: String = ""
    ) async throws -> Answer {
        var text = "\(method) \(path) HTTP/1.1\r\nConnection: close\r\n"
        if headers["Host"] == nil { text += "Host: 127.0.0.1:\(address.port ?? 0)\r\n" }
        if let credential { text += "Authorization: Bearer \(credential)\r\n" }
        for (name, value) in headers { text += "\(name): \(value)\r\n" }
        if !body.isEmpty { text += "Content-Length: \(body.utf8.count)\r\n" }
        return try await exchange("\(text)\r\n\(body)")
    }

    /// Sends `text` unchanged and reads until the server closes the connection.
    func exchange(_ text: String) async throws -> Answer {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(to: address) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        let received = try await channel.executeThenClose { inbound, outbound in
            try await outbound.write(ByteBuffer(string: text))
            var received = Data()
            for try await part in inbound { received.append(contentsOf: part.readableBytesView) }
            return received
        }
        guard let answer = Answer(received) else { throw NotHTTP(received: received) }
        return answer
    }

    struct NotHTTP: Error {
        let received: Data
    }
}
