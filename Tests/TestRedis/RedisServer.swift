import Foundation
package import Redis

/// The real server for the tests, named by `HEXTANT_REDIS_URL`.
package enum RedisServer {
    struct Missing: Error, CustomStringConvertible {
        let description = "HEXTANT_REDIS_URL is not set: these tests need a Redis server (make test starts one)"
    }

    /// Its configuration, with time-outs that a busy machine does not reach.
    package static func configuration() throws -> RedisConfiguration {
        guard let url = ProcessInfo.processInfo.environment["HEXTANT_REDIS_URL"], !url.isEmpty else { throw Missing() }
        var configuration = try RedisConfiguration(url: url)
        configuration.connectTimeout = .seconds(20)
        configuration.commandTimeout = .seconds(20)
        return configuration
    }

    /// Runs `body` with a client of that server, and closes the client.
    package static func withClient(
        _ adjust: (inout RedisConfiguration) -> Void = { _ in }, _ body: (RedisClient) async throws -> Void
    ) async throws {
        var configuration = try configuration()
        adjust(&configuration)
        let client = RedisClient(configuration: configuration)
        do {
            try await body(client)
        } catch {
            await client.close()
            throw error
        }
        await client.close()
    }

    /// A key that no other test uses.
    package static func key(_ name: String = #function) -> String {
        "hextant-test:\(name):\(UInt64.random(in: 0 ... .max))"
    }
}
