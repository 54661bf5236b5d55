package import Fetch
import Threads

/// The messages of topics of MQTT 5, by a shared subscription with QoS 1, on a thread of its own.
package actor MQTTSource: MessageSource {
    private let thread: ConnectionThread
    private let batching: MessageStream.Batching
    private var client: MQTTClient?
    private let stopped = StopMark()

    package nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    private static let idle = Duration.seconds(1)
    private static let slice = Duration.milliseconds(100)
    /// How long the broker may take to receive the acknowledgements of a batch.
    private static let confirmPatience = Duration.seconds(10)

    /// Connects to the broker.
    /// - Parameter instance: The name of this process among those that read the stream.
    /// - Throws: ``StreamError``.
    package init(_ stream: MessageStream, _ secrets: Secrets, instance: String) async throws(StreamError) {
        batching = stream.batching
        thread = ConnectionThread(name: "mqtt")
        try connect(stream, secrets, instance)
    }

    private func connect(
        _ stream: MessageStream, _ secrets: Secrets, _ instance: String
    ) throws(StreamError) {
        client = try MQTTClient(stream, secrets, instance: instance)
    }

    deinit { thread.stop() }

    package nonisolated func stop() { stopped.set() }

    package func next() throws -> MessageBatch {
        guard let client else { throw StreamError(.connection, "the connection to the broker is closed") }
        let began = ContinuousClock.now
        var due: ContinuousClock.Instant?
        while !stopped.isSet, client.collected.count < batching.messages, client.collectedBytes < batching.bytes {
            let rest = (due ?? began + Self.idle) - .now
            guard rest > .zero else { break }
            try client.read(patience: min(rest, Self.slice))
            if due == nil, !client.collected.isEmpty { due = .now + batching.wait }
        }
        return stopped.isSet ? MessageBatch([]) : MessageBatch(client.take())
    }

    /// A connection that is lost is an error of ``next()``.
    package var trouble: String? { nil }

    package func confirm(_ batch: MessageBatch) throws { try client?.acknowledge(patience: Self.confirmPatience) }

    package func rewind() {}

    package func close() {
        client?.close()
        client = nil
    }

    /// Whether the broker takes the client and gives it its subscriptions.
    /// - Throws: ``StreamError``.
    package static func look(_ stream: MessageStream, _ secrets: Secrets) throws(StreamError) {
        // With a name of its own, so that it takes no messages from a reader's session.
        let client = try MQTTClient(stream, secrets, instance: "check", isProbe: true)
        let deadline = ContinuousClock.now + .seconds(5)
        while !client.isConnected, .now < deadline { try client.read(patience: .milliseconds(100)) }
        guard client.isConnected else { throw StreamError(.connection, "the broker does not answer") }
        client.close()
    }
}
