import CLibpq
import Foundation

/// A message of NOTIFY.
package struct PostgresNotification: Hashable, Sendable {
    package let channel: String
    package let payload: String
}

extension PostgresConnection {
    /// Subscribes this connection to a channel, whose name is quoted as an identifier.
    package func listen(_ channel: String) async throws(PostgresError) {
        let quoted = channel.replacing("\"", with: "\"\"")
        try await execute("LISTEN \"\(quoted)\"")
    }

    /// Waits for the next notifications; an empty list when none came within `timeout`.
    ///
    /// - Throws: `.cancelled` soon after the task was cancelled; `.connection` when the connection is gone.
    package func notifications(within timeout: Duration) async throws(PostgresError) -> [PostgresNotification] {
        try await cancellable { connection throws(PostgresError) in
            let handle = try connection.open()
            let deadline = ContinuousClock.now + timeout
            while true {
                let pending = connection.pendingNotifications(handle)
                if !pending.isEmpty { return pending }
                guard try connection.waitForSocket(Int16(POLLIN), until: deadline) else { return [] }
                if Task.isCancelled { throw PostgresError(.cancelled, "the task was cancelled") }
                guard PQconsumeInput(handle) == 1 else { throw connection.broken() }
            }
        }
    }

    private func pendingNotifications(_ handle: OpaquePointer) -> [PostgresNotification] {
        var list: [PostgresNotification] = []
        while let notification = PQnotifies(handle) {
            defer { PQfreemem(notification) }
            list.append(
                PostgresNotification(
                    channel: String(cString: notification.pointee.relname),
                    payload: String(cString: notification.pointee.extra)))
        }
        return list
    }
}
