import Accounts
import Logging
import Synchronization
import Testing

@testable import Server

@Suite struct AuditTrailTests {
    private final class Log: AuditRepository {
        private let kept = Mutex<[AuditEntry]>([])

        var entries: [AuditEntry] { kept.withLock { $0 } }

        func record(_ entries: [AuditEntry]) async throws { kept.withLock { $0 += entries } }
    }

    private static func entry(_ outcome: AuditEntry.Outcome) -> AuditEntry {
        AuditEntry(actor: "anonymous", action: "POST /v1/analytics/run", outcome: outcome)
    }

    @Test func whatWasDoneIsWrittenBeforeTheAnswerAndRefusalsSoonAfter() async {
        let log = Log()
        let trail = AuditTrail(log, logger: Logger(label: "test"))
        await trail.record(Self.entry(.refused))
        await trail.record(Self.entry(.done))
        #expect(log.entries.map(\.outcome) == [.done])
        await trail.flush()
        #expect(log.entries.map(\.outcome) == [.done, .refused])
    }

    @Test func aFloodOfRefusalsIsCountedAndTakesNoMoreMemory() async {
        let log = Log()
        let trail = AuditTrail(log, logger: Logger(label: "test"))
        for _ in 0..<2500 { await trail.record(Self.entry(.refused)) }
        await trail.flush()
        #expect(log.entries.count == 1001)
        #expect(log.entries.last?.detail?.hasPrefix("1500 refusals") == true)
        await trail.flush()
        #expect(log.entries.count == 1001)
    }
}
