import Breaker
import NIOCore
import Redis
import TestRedis
import Testing

/// The breaker inside the client.
@Suite(.timeLimit(.minutes(2))) struct BreakerTests {
    @Test func deadServerIsNotAskedUntilTheDelayIsOverAndThenServesAgain() async throws {
        try await FaultProxy.withClient {
            $0.breaker.failuresToOpen = 2
            $0.breaker.backOff = BackOff(first: .seconds(5), longest: .seconds(5))
        } _: { proxy, client in
            try await client.ping()
            try await proxy.refuse()
            var codes: [RedisError.Code] = []
            while codes.last != .circuitOpen {
                do throws(RedisError) {
                    try await client.ping()
                } catch {
                    codes.append(error.code)
                }
            }
            // The cut itself is the first failure if the client notices it before it sends a command.
            #expect((1...3).contains(codes.count))
            try await proxy.listen()
            await FaultTests.untilAnswered(client)
            #expect(try await client.command(["ECHO", "x"]) == .bulk(ByteBuffer(string: "x")))
        }
    }

    @Test func silentServerIsLeftAloneAfterSomeTimeouts() async throws {
        try await FaultProxy.withClient {
            $0.commandTimeout = .milliseconds(300)
            $0.breaker.failuresToOpen = 2
            $0.breaker.backOff = BackOff(first: .seconds(3600), longest: .seconds(3600))
        } _: { proxy, client in
            try await proxy.hold()
            var code: RedisError.Code?
            while code != .circuitOpen {
                #expect(code == nil || code == .timeout)
                do throws(RedisError) {
                    try await client.ping()
                } catch {
                    code = error.code
                }
            }
            let connections = try await proxy.connectionCount()
            for _ in 0..<1000 {
                let error = await #expect(throws: RedisError.self) { try await client.ping() }
                #expect(error?.code == .circuitOpen)
                #expect((error?.underlying as? RedisError)?.code == .timeout)
            }
            #expect(try await proxy.connectionCount() == connections)
        }
    }

    @Test func errorRepliesDoNotOpenIt() async throws {
        try await RedisServer.withClient {
            $0.breaker.failuresToOpen = 1
        } _: { client in
            for _ in 0..<10 {
                let error = await #expect(throws: RedisError.self) { try await client.command(["NO-SUCH-COMMAND"]) }
                #expect(error?.code == .server)
            }
            try await client.ping()
        }
    }
}
