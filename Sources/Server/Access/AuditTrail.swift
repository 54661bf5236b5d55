package import Accounts
package import Logging
import ServiceLifecycle
import Synchronization

/// Writes the audit log.
///
/// Completed actions are recorded before their answer is sent. Refusals are recorded a little later: anybody can cause
/// them, so they wait in a queue of bounded length, and beyond it only their number is recorded.
package final class AuditTrail: Service {
    private struct Queue {
        var entries: [AuditEntry] = []
        var dropped = 0
    }

    private static let capacity = 1000
    private static let pause = Duration.milliseconds(200)

    private let repository: any AuditRepository
    private let logger: Logger
    private let queue = Mutex(Queue())

    package init(_ repository: any AuditRepository, logger: Logger) {
        self.repository = repository
        self.logger = logger
    }

    /// Records an entry. It never throws: an entry that cannot be stored goes to the server's log.
    package func record(_ entry: AuditEntry) async {
        guard entry.outcome == .refused else { return await store([entry]) }
        queue.withLock { queue in
            if queue.entries.count < Self.capacity { queue.entries.append(entry) } else { queue.dropped += 1 }
        }
    }

    /// Writes waiting entries until the service group shuts down, and then the rest.
    package func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                await self.flush()
                try? await Task.sleep(for: Self.pause)
            }
        }
        // Runs in a new task, because a cancelled one could not write any more.
        await Task { await flush() }.value
    }

    func flush() async {
        let (entries, dropped) = queue.withLock { queue in
            defer { queue = Queue() }
            return (queue.entries, queue.dropped)
        }
        if !entries.isEmpty { await store(entries) }
        guard dropped > 0 else { return }
        await store([
            AuditEntry(
                actor: "server", action: "audit", outcome: .failed,
                detail: "\(dropped) refusals came faster than they could be recorded")
        ])
    }

    private func store(_ entries: [AuditEntry]) async {
        do {
            // Runs in a new task: a client that leaves does not undo what it did.
            try await Task { [repository] in try await repository.record(entries) }.value
        } catch {
            for entry in entries {
                logger.error("cannot write the audit log", metadata: ["entry": "\(entry)", "error": "\(error)"])
            }
        }
    }
}
