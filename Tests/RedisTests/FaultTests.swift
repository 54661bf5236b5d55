import Breaker
import NIOCore
import Redis
import TestRedis
import Testing

@Suite(.timeLimit(.minutes(2))) struct FaultTests {
    /// Sets a short time-out and a breaker that does not open.
    static func impatient(_ configuration: inout RedisConfiguration) {
        configuration.commandTimeout = .milliseconds(300)
        configuration.breaker.failuresToOpen = 1000
    }

    /// Asks until there is an answer; only the suite's time limit ends it.
    static func untilAnswered(_ client: RedisClient) async {
        while (try? await client.ping()) == nil {}
    }

    @Test func silentServerIsATimeoutForEveryoneAndAnotherConnectionRecovers() async throws {
        try await FaultProxy.withClient(Self.impatient) { proxy, client in
            await Self.untilAnswered(client)
            try await proxy.hold()
            await withTaskGroup(of: RedisError.Code?.self) { group in
                for _ in 0..<20 {
                    group.addTask {
                        do throws(RedisError) {
                            try await client.ping()
                            return nil
                        } catch {
                            return error.code
                        }
                    }
                }
                for await code in group {
                    #expect(code == .timeout)
                }
            }
            let before = try await proxy.connectionCount()
            try await proxy.release()
            await Self.untilAnswered(client)
            #expect(try await proxy.connectionCount() > before)
        }
    }

    @Test func lateReplyIsNeverTakenForThatOfALaterCommand() async throws {
        try await FaultProxy.withClient(Self.impatient) { proxy, client in
            await Self.untilAnswered(client)
            try await proxy.hold()
            let error = await #expect(throws: RedisError.self) { try await client.command(["ECHO", "stale"]) }
            #expect(error?.code == .timeout)
            try await proxy.release()
            await Self.untilAnswered(client)
            #expect(try await client.command(["ECHO", "fresh"]) == .bulk(ByteBuffer(string: "fresh")))
        }
    }

    @Test(arguments: [1, 4, 5000])
    func connectionCutInTheMiddleOfAReplyIsLostAndMadeAnew(bytes: Int) async throws {
        try await FaultProxy.withClient { proxy, client in
            let key = RedisServer.key()
            let value = ByteBuffer(repeating: 7, count: 10_000)
            try await client.set(key, value, ttl: .seconds(60))
            try await proxy.cut(afterReplyBytes: bytes)
            let error = await #expect(throws: RedisError.self) { try await client.get(key) }
            #expect(error?.code == .connectionLost)
            #expect(try await client.get(key) == value)
        }
    }

    @Test func repliesThatCameBeforeTheCutCount() async throws {
        try await FaultProxy.withClient { proxy, client in
            try await client.ping()
            try await proxy.cut(afterReplyBytes: "+PONG\r\n$1\r".utf8.count)
            let results = await client.pipeline([["PING"], ["ECHO", "x"], ["PING"]])
            #expect(try results[0].get() == .status("PONG"))
            for result in results[1...] {
                let error = #expect(throws: RedisError.self) { try result.get() }
                #expect(error?.code == .connectionLost)
            }
        }
    }

    @Test func bytesThatAreNoRepliesEndTheConnection() async throws {
        try await FaultProxy.withClient { proxy, client in
            try await client.ping()
            try await proxy.hold()
            async let answer = client.command(["ECHO", "x"])
            while try await proxy.heldBytes() == 0 {}
            try await proxy.inject("HTTP/1.1 400 Bad Request\r\n")
            do {
                _ = try await answer
                Issue.record("no error")
            } catch let error as RedisError {
                #expect(error.code == .protocolViolation)
            }
            try await proxy.release()
            try await client.ping()
        }
    }

    @Test func replyThatNobodyAskedForIsNotGivenToTheNextCommand() async throws {
        try await FaultProxy.withClient { proxy, client in
            try await client.ping()
            try await proxy.inject("$5\r\nwrong\r\n")
            while try await proxy.openConnections() > 0 {}
            #expect(try await client.command(["ECHO", "right"]) == .bulk(ByteBuffer(string: "right")))
        }
    }

    @Test func replyBeyondTheLimitIsRefused() async throws {
        try await RedisServer.withClient {
            $0.maximumReplyBytes = 100_000
        } _: { client in
            let key = RedisServer.key()
            try await client.set(key, ByteBuffer(repeating: 1, count: 90_000), ttl: .seconds(60))
            #expect(try await client.get(key)?.readableBytes == 90_000)
            try await client.set(key, ByteBuffer(repeating: 1, count: 200_000), ttl: .seconds(60))
            let error = await #expect(throws: RedisError.self) { try await client.get(key) }
            #expect(error?.code == .protocolViolation)
            try await client.del([key])
        }
    }

    @Test func commandsBeyondTheBoundFailAtOnceAndTheOthersAreAnswered() async throws {
        try await FaultProxy.withClient {
            $0.maximumCommands = 10
        } _: { proxy, client in
            try await client.ping()
            try await proxy.hold()
            async let tenth = client.pipeline(Array(repeating: ["PING"], count: 10))
            while try await proxy.heldBytes() < 10 * "+PONG\r\n".utf8.count {}
            let error = await #expect(throws: RedisError.self) { try await client.ping() }
            #expect(error?.code == .overloaded)
            try await proxy.release()
            #expect(await tenth.allSatisfy { (try? $0.get()) == .status("PONG") })
            try await client.ping()
        }
    }

    @Test func bytesBeyondTheBoundFailAtOnce() async throws {
        try await FaultProxy.withClient {
            $0.maximumBytes = 1000
        } _: { proxy, client in
            try await client.ping()
            try await proxy.hold()
            async let large = client.command(["ECHO", .text(String(repeating: "x", count: 5000))])
            while try await proxy.heldBytes() < 5000 {}
            let error = await #expect(throws: RedisError.self) { try await client.ping() }
            #expect(error?.code == .overloaded)
            try await proxy.release()
            #expect(try await large != .null)
        }
    }

    @Test func cancelledTaskIsAnsweredAndItsReplyIsNotGivenToOthers() async throws {
        try await FaultProxy.withClient { proxy, client in
            try await client.ping()
            try await proxy.hold()
            let cancelled = Task { try await client.command(["ECHO", "unwanted"]) }
            while try await proxy.heldBytes() == 0 {}
            cancelled.cancel()
            let error = await #expect(throws: RedisError.self) { try await cancelled.value }
            #expect(error?.code == .cancelled)
            async let wanted = client.command(["ECHO", "wanted"])
            try await proxy.release()
            #expect(try await wanted == .bulk(ByteBuffer(string: "wanted")))
            #expect(try await proxy.connectionCount() == 1)
        }
    }
}
