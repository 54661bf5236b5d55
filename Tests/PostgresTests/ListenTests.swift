import Postgres
import TestDatabase
import Testing

@Suite(.database)
struct ListenTests {
    @Test func notificationsArriveInOrder() async throws {
        let listener = try await PostgresConnection(TestDatabase.options)
        let sender = try await PostgresConnection(TestDatabase.options)
        try await listener.listen("a \"channel\"")
        for payload in ["one", "two"] {
            try await sender.query("SELECT pg_notify($1, $2)", ["a \"channel\"", payload])
        }
        var payloads: [String] = []
        while payloads.count < 2 {
            payloads += try await listener.notifications(within: .seconds(20)).map(\.payload)
        }
        #expect(payloads == ["one", "two"])
    }

    @Test func silenceIsAnEmptyList() async throws {
        let listener = try await PostgresConnection(TestDatabase.options)
        try await listener.listen("quiet")
        #expect(try await listener.notifications(within: .milliseconds(20)).isEmpty)
    }

    @Test func aCancelledListenerStopsWaiting() async throws {
        let listener = try await PostgresConnection(TestDatabase.options)
        try await listener.listen("quiet")
        let task = Task { try await listener.notifications(within: .seconds(600)) }
        task.cancel()
        let error = await #expect(throws: PostgresError.self) { try await task.value }
        #expect(error?.code == .cancelled)
    }
}
