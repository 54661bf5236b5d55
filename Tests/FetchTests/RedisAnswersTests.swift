import Domain
import NIOCore
import Redis
import TestRedis
import Testing

@testable import Fetch

@Suite struct RedisAnswersTests {
    @Test func anAnswerIsKeptForAllAndFoundByItsRequestAlone() async throws {
        try await RedisServer.withClient { client in
            let answers = RedisAnswers(client)
            let key = "GET\nhttps://source.example/\(UInt64.random(in: 0 ... .max))"
            let head = AnswerHead(status: 200, headers: [("ETag", "\"1\"")])
            let answer = StoredAnswer(head, ByteBuffer(bytes: Array(0...255)), at: Instant(microseconds: 5))
            #expect(await answers.answer(key) == nil)
            await answers.keep(answer, key, for: .seconds(60))
            #expect(await answers.answer(key) == answer)
            #expect(await answers.answer(key + "x") == nil)
        }
    }

    @Test func aVeryLargeAnswerIsLeftOut() async throws {
        try await RedisServer.withClient { client in
            let answers = RedisAnswers(client)
            let key = "GET\nhttps://source.example/\(UInt64.random(in: 0 ... .max))"
            let body = ByteBuffer(repeating: 1, count: RedisAnswers.mostBytes + 1)
            await answers.keep(
                StoredAnswer(AnswerHead(status: 200, headers: []), body, at: .now), key, for: .seconds(60))
            #expect(await answers.answer(key) == nil)
        }
    }
}
