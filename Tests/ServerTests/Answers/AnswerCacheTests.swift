import NIOCore
import Synchronization
import Testing

@testable import Server

struct AnswerCacheTests {
    /// Answers of a store that all servers share, in memory.
    private final class Shared: SharedAnswerStore {
        let kept = Mutex<[String: ByteBuffer]>([:])

        func get(_ name: String) async -> ByteBuffer? { kept.withLock { $0[name] } }

        func put(_ name: String, _ bytes: ByteBuffer, for timeToLive: Duration) async {
            kept.withLock { $0[name] = bytes }
        }
    }

    private static func ask(
        _ cache: AnswerCache, _ name: String, for age: Duration = .seconds(60), orMake text: String
    ) async throws -> String {
        String(buffer: try await cache.answer(name, for: age) { ByteBuffer(string: text) })
    }

    @Test func anAnswerIsKeptUnderItsNameAlone() async throws {
        let cache = AnswerCache(shared: nil)
        #expect(try await Self.ask(cache, "a 1", orMake: "one") == "one")
        #expect(try await Self.ask(cache, "a 1", orMake: "two") == "one")
        #expect(try await Self.ask(cache, "a 2", orMake: "two") == "two")
        cache.removeAll()
        #expect(try await Self.ask(cache, "a 1", orMake: "three") == "three")
    }

    @Test func anAnswerThatIsTooOldIsMadeAgain() async throws {
        let cache = AnswerCache(shared: nil)
        #expect(try await Self.ask(cache, "a", for: .zero, orMake: "one") == "one")
        #expect(try await Self.ask(cache, "a", orMake: "two") == "two")
    }

    @Test func anotherServerFindsAnAnswer() async throws {
        let shared = Shared()
        #expect(try await Self.ask(AnswerCache(shared: shared), "a", orMake: "one") == "one")
        #expect(try await Self.ask(AnswerCache(shared: shared), "a", orMake: "two") == "one")
        #expect(shared.kept.withLock { $0.keys.allSatisfy { $0.hasPrefix(AnswerCache.prefix) } })
    }

    @Test func aDamagedAnswerIsMadeAgain() async throws {
        let shared = Shared()
        _ = try await Self.ask(AnswerCache(shared: shared), "a", orMake: "one")
        shared.kept.withLock { kept in
            for (name, bytes) in kept {
                var damaged = bytes
                damaged.setInteger(UInt8(ascii: "X"), at: damaged.writerIndex - 1)
                kept[name] = damaged
            }
        }
        #expect(try await Self.ask(AnswerCache(shared: shared), "a", orMake: "two") == "two")
    }

    @Test func anErrorIsNotKept() async throws {
        struct Refused: Error {}
        let cache = AnswerCache(shared: nil)
        await #expect(throws: Refused.self) { try await cache.answer("a", for: .seconds(60)) { throw Refused() } }
        #expect(try await Self.ask(cache, "a", orMake: "one") == "one")
    }
}
