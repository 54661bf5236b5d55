import Synchronization

/// Checks that a sender keeps sending. One that sends almost nothing would hold a connection and a file as long as it
/// likes.
final class UploadPace: Sendable {
    /// The time between checks, over which bytes are counted.
    private static let window = Duration.seconds(10)

    /// The smallest number of bytes per second, averaged over each window.
    private let least: Int
    private let received = Atomic<Int>(0)

    init(least: Int) { self.least = least }

    func count(_ bytes: Int) { received.add(bytes, ordering: .relaxed) }

    /// Returns when the task is cancelled.
    ///
    /// - Throws: ``Problem`` 408 when too little came.
    func watch() async throws {
        var before = 0
        while true {
            try await Task.sleep(for: Self.window)
            let now = received.load(ordering: .relaxed)
            guard now - before >= least * Int(Self.window.components.seconds) else {
                throw Problem.tooSlow(
                    "The body arrived at less than \(least) bytes a second, the minimum of this server.")
            }
            before = now
        }
    }
}
