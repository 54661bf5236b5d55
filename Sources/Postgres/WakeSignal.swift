import Foundation

/// A pipe that any thread can make readable, to end another thread's `poll`.
///
/// Both ends are closed with the last reference. So nobody writes to a descriptor that the system has given to
/// something else.
final class WakeSignal: Sendable {
    let descriptor: Int32
    private let writer: Int32

    init() {
        var ends: [Int32] = [-1, -1]
        precondition(pipe(&ends) == 0, "no file descriptor left for a pipe")
        for end in ends {
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
        }
        descriptor = ends[0]
        writer = ends[1]
    }

    deinit {
        close(descriptor)
        close(writer)
    }

    func raise() {
        var one: UInt8 = 1
        // A full pipe is readable already.
        _ = write(writer, &one, 1)
    }

    func clear() {
        var bytes: (UInt64, UInt64) = (0, 0)
        while read(descriptor, &bytes, 16) == 16 {}
    }
}
