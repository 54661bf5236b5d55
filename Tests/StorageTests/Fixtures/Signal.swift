/// Lets one task wait for a signal from another one, any number of times.
final class Signal: Sendable {
    private let moments: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    init() {
        (moments, continuation) = AsyncStream.makeStream()
    }

    func raise() { continuation.yield() }

    /// Returns once the signal was raised.
    func wait() async {
        for await _ in moments { return }
    }
}
