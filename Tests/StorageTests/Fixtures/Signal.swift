/// Lets one task wait for a moment that another one tells, as often as it likes.
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
