import NIOCore
import Redis
import TestRedis
import Testing

@Suite(.timeLimit(.minutes(2))) struct HandshakeTests {
    /// A password that nothing else uses.
    static let secret = "s3cret-of-the-test"

    @Test(arguments: [nil, "nobody"])
    func wrongPasswordIsToldClearlyWithoutThePassword(user: String?) async throws {
        try await RedisServer.withClient {
            $0.credentials = RedisCredentials(user: user, password: Self.secret)
        } _: { client in
            let error = try #require(await #expect(throws: RedisError.self) { try await client.ping() })
            #expect(error.code == .authenticationFailed)
            #expect(error.description.contains("did not accept the user or password"))
            #expect(!"\(error) \(error.message) \(String(reflecting: error))".contains(Self.secret))
        }
    }

    @Test func rightPasswordAndMissingPasswordAreToldApart() async throws {
        try await RedisServer.withClient { admin in
            let user = "hextant-test-\(UInt32.random(in: 0 ... .max))"
            _ = try await admin.command([
                "ACL", "SETUSER", .text(user), "on", .text(">" + Self.secret), "~*", "+@all",
            ])
            try await RedisServer.withClient {
                $0.credentials = RedisCredentials(user: user, password: Self.secret)
            } _: { (client) async throws in
                #expect(try await client.command(["ACL", "WHOAMI"]) == .bulk(ByteBuffer(string: user)))
            }
            _ = try await admin.command(["ACL", "DELUSER", .text(user)])
        }
    }

    @Test func databaseIsSelected() async throws {
        let key = RedisServer.key()
        try await RedisServer.withClient {
            $0.database = 3
        } _: { third in
            try await third.set(key, ByteBuffer(string: "3"), ttl: .seconds(60))
            try await RedisServer.withClient {
                $0.database = 4
            } _: { (fourth) async throws in
                #expect(try await fourth.get(key) == nil)
            }
            #expect(try await third.del([key]) == 1)
        }
    }

    @Test func unknownDatabaseIsRefused() async throws {
        try await RedisServer.withClient {
            $0.database = 987_654
        } _: { client in
            let error = try #require(await #expect(throws: RedisError.self) { try await client.ping() })
            #expect(error.code == .refused)
            #expect(error.message.contains("database 987654"))
        }
    }

    @Test func portWhereNobodyListensIsAFailedConnection() async throws {
        try await FaultProxy.withClient { proxy, client in
            try await proxy.refuse()
            let error = try #require(await #expect(throws: RedisError.self) { try await client.ping() })
            #expect(error.code == .connectionFailed)
            #expect(error.message.contains("127.0.0.1:\(proxy.port)"))
        }
    }

    @Test func closedClientRefusesAndLetsTheWaitingFinish() async throws {
        try await FaultProxy.withClient { proxy, client in
            try await client.ping()
            try await proxy.hold()
            async let waiting = client.command(["ECHO", "x"])
            while try await proxy.heldBytes() == 0 {}
            async let closed: Void = client.close()
            var code: RedisError.Code?
            while code != .closed {
                // A command sent before the close also waits for the release.
                do throws(RedisError) {
                    let soon = Task { try await client.ping() }
                    soon.cancel()
                    try await Self.value(soon)
                } catch {
                    code = error.code
                }
            }
            try await proxy.release()
            #expect(try await waiting == .bulk(ByteBuffer(string: "x")))
            await closed
            await client.close()
        }
    }

    private static func value(_ task: Task<Void, any Error>) async throws(RedisError) {
        do {
            try await task.value
        } catch let error as RedisError {
            throw error
        } catch {
            Issue.record(error)
        }
    }
}
