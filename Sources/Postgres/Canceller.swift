import CLibpq
import Foundation
import Synchronization

/// Asks the server to stop the statement of one connection, from any thread.
///
/// `@unchecked Sendable`: libpq says that PQcancel "can safely be invoked from a signal handler" and, with a PGcancel
/// of its own, from another thread than the connection's. The pointer never changes and is freed with the last
/// reference.
final class Canceller: @unchecked Sendable {
    private let handle: OpaquePointer
    private let wake: WakeSignal
    private let requested = Atomic<Bool>(false)

    init?(_ connection: OpaquePointer, wake: WakeSignal) {
        guard let handle = PQgetCancel(connection) else { return nil }
        self.handle = handle
        self.wake = wake
    }

    deinit {
        PQfreeCancel(handle)
    }

    var isRequested: Bool { requested.load(ordering: .acquiring) }

    /// Sends the request from a thread of its own, because PQcancel connects to the server and may hang. Returns at
    /// once.
    func request() {
        guard !requested.exchange(true, ordering: .acquiringAndReleasing) else { return }
        wake.raise()
        Thread.detachNewThread { [self] in
            var reason = [CChar](repeating: 0, count: 256)
            _ = PQcancel(handle, &reason, Int32(reason.count))
        }
    }
}
