import Synchronization

/// Watches that a sender keeps sending: who sends almost nothing holds a connection and a file for as long as he likes.
final class UploadPace: Sendable {
    /// How often is looked, and over which time is counted.
    private static let window = Duration.seconds(10)

    /// Bytes a second, on the average of every window.
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
                    "The body came at less than \(least) bytes a second, the least that this server waits for.")
            }
            before = now
        }
    }
}
