import Accounts
import Hummingbird
import Logging
import NIOCore
import ServiceLifecycle

@testable import Server

/// Runs the real application on a free port of the loopback interface (a configuration with port 0) while `body` runs.
func withServer<Result>(
    _ store: MemoryStore = MemoryStore(), _ configuration: ServerConfiguration = ServerConfiguration(port: 0),
    sources: ServerSources? = nil, _ body: (WireClient) async throws -> Result
) async throws -> Result {
    var logger = Logger(label: "test")
    logger.logLevel = .critical
    let (addresses, ready) = AsyncStream.makeStream(of: SocketAddress.self)
    let application = try buildApplication(configuration, sources: sources ?? store.sources, logger: logger) {
        address in
        if let address { ready.yield(address) }
        ready.finish()
    }
    let group = ServiceGroup(configuration: .init(services: [application], logger: logger))
    return try await withThrowingTaskGroup(of: Void.self) { tasks in
        tasks.addTask {
            defer { ready.finish() }
            try await group.run()
        }
        guard let address = await addresses.first(where: { _ in true }) else {
            try await tasks.waitForAll()
            throw NoServer()
        }
        let result = try await body(WireClient(address: address))
        await group.triggerGracefulShutdown()
        try await tasks.waitForAll()
        return result
    }
}

/// The same, with requests from an account of a role.
func withServer<Result>(
    _ store: MemoryStore = MemoryStore(), as role: Role, _ body: (WireClient) async throws -> Result
) async throws -> Result {
    let key = Secret.random(.apiKey)
    let accounts = MemoryAccounts { $0.keys[key.hash] = Principal(identity: .key("machine"), role: role) }
    var sources = store.sources
    sources.accounts = accounts.sources(AccessVersion(1))
    return try await withServer(store, sources: sources) { client in
        var client = client
        client.credential = key.text
        return try await body(client)
    }
}

struct NoServer: Error {}
