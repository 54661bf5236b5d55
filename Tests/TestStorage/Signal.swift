/// Lets one task wait for a signal from another one, any number of times.
package final class Signal: Sendable {
    private let moments: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    package init() {
        (moments, continuation) = AsyncStream.makeStream()
    }

    package func raise() { continuation.yield() }

    /// Returns once the signal was raised.
    package func wait() async {
        for await _ in moments { return }
    }
}
