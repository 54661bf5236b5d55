import NIOCore
import Redis
import TestRedis
import Testing

@Suite(.timeLimit(.minutes(2))) struct PipelineTests {
    @Test func everyoneOfAThousandGetsTheirOwnReply() async throws {
        try await RedisServer.withClient { client in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<1000 {
                    group.addTask {
                        // Sizes differ, so that replies end anywhere within a read.
                        let text = String(repeating: "\(number),", count: number % 97 + 1)
                        let reply = try await client.command(["ECHO", .text(text)])
                        #expect(reply == .bulk(ByteBuffer(string: text)))
                    }
                }
                try await group.waitForAll()
            }
            // All of this used one connection, the only one so far.
            let ids = await client.pipeline([["CLIENT", "ID"], ["CLIENT", "ID"]]).map { try? $0.get() }
            #expect(ids[0] == ids[1])
        }
    }

    @Test func oneFailureInAPipelineLeavesItsNeighbours() async throws {
        try await RedisServer.withClient { (client) async throws in
            let key = RedisServer.key()
            let results = await client.pipeline([
                ["SET", .text(key), "text", "PX", "60000"], ["INCR", .text(key)], ["GET", .text(key)],
            ])
            #expect(try results[0].get() == .status("OK"))
            #expect(throws: RedisError.self) { try results[1].get() }
            #expect(try results[2].get() == .bulk(ByteBuffer(string: "text")))
            #expect(await client.pipeline([]).isEmpty)
        }
    }

    @Test func transactionIsNotMixedWithOthersCommands() async throws {
        try await RedisServer.withClient { client in
            let key = RedisServer.key()
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<100 {
                    group.addTask {
                        let results = await client.pipeline([
                            ["MULTI"], ["INCR", .text(key)], ["DECR", .text(key)], ["EXEC"],
                        ])
                        #expect((try? results[3].get()) == .array([.integer(1), .integer(0)]))
                    }
                    group.addTask { #expect((try? await client.command(["ECHO", "x"])) != nil) }
                }
            }
            try await client.del([key])
        }
    }
}
