package import Accounts
package import Logging
import ServiceLifecycle
import Synchronization

/// Writes the audit log.
///
/// What was done is written before its answer is sent. Refusals are written soon after: anybody can cause them, so they
/// wait in a queue of bounded length, and beyond it they are only counted; the count is written.
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

    /// Never fails what it is about: an entry that cannot be stored goes to the server's log.
    package func record(_ entry: AuditEntry) async {
        guard entry.outcome == .refused else { return await store([entry]) }
        queue.withLock { queue in
            if queue.entries.count < Self.capacity { queue.entries.append(entry) } else { queue.dropped += 1 }
        }
    }

    /// Writes what waits until the service group shuts down, and then the rest.
    package func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                await self.flush()
                try? await Task.sleep(for: Self.pause)
            }
        }
        // Not as part of a task that is cancelled, or nothing could be written any more.
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
                detail: "\(dropped) refusals came faster than they could be written down")
        ])
    }

    private func store(_ entries: [AuditEntry]) async {
        do {
            // A client that goes away does not undo what it had done.
            try await Task { [repository] in try await repository.record(entries) }.value
        } catch {
            for entry in entries {
                logger.error("cannot write the audit log", metadata: ["entry": "\(entry)", "error": "\(error)"])
            }
        }
    }
}
