import NIOCore
import Redis
import TestRedis
import Testing

@Suite(.timeLimit(.minutes(2))) struct CommandTests {
    @Test(arguments: [
        ByteBuffer(bytes: UInt8.min...UInt8.max), ByteBuffer(), ByteBuffer(string: "\r\n$5\r\n*1\r\n"),
        ByteBuffer(bytes: (0..<1 << 20).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }),
    ])
    func anyBytesComeBackAsTheyWere(value: ByteBuffer) async throws {
        try await RedisServer.withClient { client in
            let key = RedisServer.key()
            try await client.set(key, value, ttl: .seconds(60))
            #expect(try await client.get(key) == value)
            #expect(try await client.del([key]) == 1)
        }
    }

    @Test func missingKeyIsNil() async throws {
        try await RedisServer.withClient { (client) async throws in
            #expect(try await client.get(RedisServer.key()) == nil)
            #expect(try await client.del([RedisServer.key()]) == 0)
            #expect(try await client.del([]) == 0)
        }
    }

    @Test func severalKeysComeInTheirOrderWithGaps() async throws {
        try await RedisServer.withClient { client in
            let keys = (0..<3).map { RedisServer.key("mget\($0)") }
            try await client.set(keys[0], ByteBuffer(string: "a"), ttl: .seconds(60))
            try await client.set(keys[2], ByteBuffer(), ttl: .seconds(60))
            #expect(try await client.mget(keys) == [ByteBuffer(string: "a"), nil, ByteBuffer()])
            #expect(try await client.mget([]) == [])
        }
    }

    @Test func existingKeyIsNotReplacedIfAbsentIsAsked() async throws {
        try await RedisServer.withClient { (client) async throws in
            let key = RedisServer.key()
            let set: RedisCommand = ["SET", .text(key), "first", "NX", "EX", "60"]
            #expect(try await client.command(set) == .status("OK"))
            #expect(try await client.command(["SET", .text(key), "second", "NX", "EX", "60"]) == .null)
            #expect(try await client.get(key) == ByteBuffer(string: "first"))
        }
    }

    @Test func timeToLiveIsSetInMilliseconds() async throws {
        try await RedisServer.withClient { client in
            let key = RedisServer.key()
            try await client.set(key, ByteBuffer(), ttl: .seconds(300))
            guard case .integer(let left) = try await client.command(["PTTL", .text(key)]) else {
                Issue.record("PTTL is an integer")
                return
            }
            #expect((1...300_000).contains(left))
            #expect(left > 200_000)
            try await client.set(key, ByteBuffer())
            #expect(try await client.command(["PTTL", .text(key)]) == .integer(-1))
            try await client.del([key])
        }
    }

    @Test(arguments: [Duration.zero, .seconds(-1), .microseconds(999)])
    func timeToLiveBelowAMillisecondIsRefused(ttl: Duration) async throws {
        try await RedisServer.withClient { client in
            let error = await #expect(throws: RedisError.self) {
                try await client.set(RedisServer.key(), ByteBuffer(), ttl: ttl)
            }
            #expect(error?.code == .invalidCommand)
        }
    }

    @Test func errorReplyLeavesTheConnectionSound() async throws {
        try await RedisServer.withClient { client in
            let key = RedisServer.key()
            #expect(try await client.command(["RPUSH", .text(key), "x"]) == .integer(1))
            let before = try await client.command(["CLIENT", "ID"])
            let error = await #expect(throws: RedisError.self) { try await client.get(key) }
            #expect(error?.code == .server)
            #expect(error?.message.hasPrefix("WRONGTYPE") == true)
            #expect(try await client.command(["CLIENT", "ID"]) == before)
            try await client.del([key])
        }
    }

    @Test func everyTypeOfReplyIsRead() async throws {
        try await RedisServer.withClient { client in
            let script =
                "return {1, 'two', false, {3, {'four'}}, redis.status_reply('FIVE'), redis.error_reply('SIX x')}"
            let reply = try await client.command(["EVAL", .text(script), "0"])
            #expect(
                reply
                    == .array([
                        .integer(1), .bulk(ByteBuffer(string: "two")), .null,
                        .array([.integer(3), .array([.bulk(ByteBuffer(string: "four"))])]), .status("FIVE"),
                        .error("SIX x"),
                    ]))
        }
    }

    @Test(arguments: ["subscribe", "SELECT", "Auth", "HELLO", "MONITOR", "QUIT"])
    func commandThatChangesTheConnectionIsRefused(name: String) async throws {
        try await RedisServer.withClient { client in
            let error = await #expect(throws: RedisError.self) { try await client.command([.text(name), "1"]) }
            #expect(error?.code == .invalidCommand)
            let results = await client.pipeline([["PING"], [.text(name)], []])
            #expect(results.count == 3)
            #expect(results.allSatisfy { (try? $0.get()) == nil })
        }
    }
}
