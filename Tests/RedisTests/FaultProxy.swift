import NIOCore
import NIOPosix
import Redis
import TestRedis

/// A proxy between a client and the real server that holds back, cuts or refuses on demand.
///
/// To the client, holding looks like a server stopped by SIGSTOP: it accepts connections and bytes, but sends none.
///
/// Invariant for `@unchecked Sendable`: mutable state is used only on `loop`.
final class FaultProxy: @unchecked Sendable {
    private let loop: any EventLoop
    private let upstream: (host: String, port: Int)
    private var listener: (any Channel)?
    private var pairs: [ObjectIdentifier: ProxyPair] = [:]
    private var isHolding = false
    private var bytesBeforeCut: Int?
    private var connections = 0
    let port: Int

    private init(loop: any EventLoop, upstream: (host: String, port: Int), port: Int) {
        self.loop = loop
        self.upstream = upstream
        self.port = port
    }

    /// Runs `body` with a proxy in front of the tests' server and a client of that proxy.
    static func withClient(
        _ adjust: (inout RedisConfiguration) -> Void = { _ in },
        _ body: (FaultProxy, RedisClient) async throws -> Void
    ) async throws {
        var configuration = try RedisServer.configuration()
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let proxy = try await listening(on: loop, before: (configuration.host, configuration.port))
        configuration.host = "127.0.0.1"
        configuration.port = proxy.port
        adjust(&configuration)
        let client = RedisClient(configuration: configuration)
        let result: Result<Void, any Error>
        do {
            result = .success(try await body(proxy, client))
        } catch {
            result = .failure(error)
        }
        await client.close()
        try await proxy.refuse()
        try result.get()
    }

    /// Listens on a port that the system has just assigned and released. It is free unless another connection of the
    /// machine got it meanwhile.
    private static func listening(on loop: any EventLoop, before upstream: (String, Int)) async throws -> FaultProxy {
        var attempt = 1
        while true {
            let probe = try await ServerBootstrap(group: loop).bind(host: "127.0.0.1", port: 0).get()
            let port = try probe.localAddress.flatMap(\.port).unwrapped()
            try await probe.close()
            let proxy = FaultProxy(loop: loop, upstream: upstream, port: port)
            do {
                try await proxy.listen()
                return proxy
            } catch  where attempt < 10 {
                attempt += 1
            }
        }
    }

    /// Accepts connections.
    func listen() async throws {
        let channel = try await ServerBootstrap(group: loop)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in self.accepted(channel) }
            .bind(host: "127.0.0.1", port: port).get()
        try await loop.submit { self.listener = channel }.get()
    }

    /// Cuts all connections and accepts no more.
    func refuse() async throws {
        try await loop.submit {
            for pair in self.pairs.values { pair.close() }
            self.pairs.removeAll()
            let listener = self.listener
            self.listener = nil
            return listener
        }.get()?.close()
    }

    /// Holds replies back.
    func hold() async throws {
        try await loop.submit { self.isHolding = true }.get()
    }

    /// Lets replies through, those held back, too.
    func release() async throws {
        try await loop.submit {
            self.isHolding = false
            for pair in self.pairs.values { pair.forwardHeld() }
        }.get()
    }

    /// Cuts the connection after this many more bytes of replies.
    func cut(afterReplyBytes count: Int) async throws {
        try await loop.submit { self.bytesBeforeCut = count }.get()
    }

    /// Sends bytes to the clients as if they came from the server.
    func inject(_ text: String) async throws {
        try await loop.submit {
            for pair in self.pairs.values { pair.client.writeAndFlush(ByteBuffer(string: text), promise: nil) }
        }.get()
    }

    /// Number of connections accepted so far.
    func connectionCount() async throws -> Int {
        try await loop.submit { self.connections }.get()
    }

    /// Number of open connections.
    func openConnections() async throws -> Int {
        try await loop.submit { self.pairs.values.count { $0.client.isActive } }.get()
    }

    /// Number of reply bytes that are held back.
    func heldBytes() async throws -> Int {
        try await loop.submit { self.pairs.values.reduce(0) { $0 + $1.held.readableBytes } }.get()
    }

    private func accepted(_ client: any Channel) -> EventLoopFuture<Void> {
        connections += 1
        return ClientBootstrap(group: loop)
            .channelInitializer { server in
                client.eventLoop.makeCompletedFuture {
                    let pair = ProxyPair(client: client, server: server)
                    self.pairs[ObjectIdentifier(pair)] = pair
                    let toServer = Forwarder(pair) { server.writeAndFlush($0, promise: nil) }
                    let toClient = Forwarder(pair) { self.reply($0, to: pair) }
                    try client.pipeline.syncOperations.addHandler(toServer)
                    try server.pipeline.syncOperations.addHandler(toClient)
                }
            }
            .connect(host: upstream.host, port: upstream.port).map { _ in }
    }

    private func reply(_ bytes: ByteBuffer, to pair: ProxyPair) {
        pair.held.writeImmutableBuffer(bytes)
        if isHolding { return }
        guard let limit = bytesBeforeCut, pair.held.readableBytes >= limit else {
            bytesBeforeCut = bytesBeforeCut.map { $0 - pair.held.readableBytes }
            pair.forwardHeld()
            return
        }
        bytesBeforeCut = nil
        pair.held = pair.held.readSlice(length: limit) ?? ByteBuffer()
        pair.forwardHeld()
        pair.close()
    }
}

extension Optional {
    fileprivate struct Absent: Error {}

    fileprivate func unwrapped() throws -> Wrapped {
        guard let self else { throw Absent() }
        return self
    }
}
