import CRdKafka
package import Fetch
import Synchronization
import Threads

/// The messages of topics of Kafka, as a member of a consumer group on a thread of its own.
package actor KafkaSource: MessageSource {
    private let thread: ConnectionThread
    private let batching: MessageStream.Batching
    private let consumer: KafkaConsumer
    private let stopped: StopMark

    package nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    /// How long the first message of a batch is waited for, and a single wait, after which a stop is noticed.
    private static let idle = Duration.seconds(1)
    private static let slice = Duration.milliseconds(100)

    /// - Throws: ``StreamError`` for settings that cannot be used. Brokers are looked for later.
    package init(_ stream: MessageStream, _ secrets: Secrets, offsets: any StreamOffsets) throws(StreamError) {
        let stopped = StopMark()
        self.stopped = stopped
        batching = stream.batching
        consumer = try KafkaConsumer(stream, secrets, offsets: offsets) { stopped.isSet }
        thread = ConnectionThread(name: "kafka")
    }

    deinit { thread.stop() }

    package nonisolated func stop() { stopped.set() }

    package func next() throws -> MessageBatch {
        let began = ContinuousClock.now
        var due: ContinuousClock.Instant?
        while !stopped.isSet, consumer.count < batching.messages, consumer.collectedBytes < batching.bytes {
            let rest = (due ?? began + Self.idle) - .now
            guard rest > .zero else { break }
            try consumer.poll(for: min(rest, Self.slice))
            // A rebalance may have taken away what was collected.
            if consumer.count == 0 { due = nil } else if due == nil { due = .now + batching.wait }
        }
        return stopped.isSet ? MessageBatch([]) : consumer.take()
    }

    package var trouble: String? { consumer.trouble }

    package func confirm(_ batch: MessageBatch) { consumer.tellGroup(batch) }

    package func rewind() throws { try consumer.rewind() }

    package func close() { consumer.close() }

    /// Asks a broker for the partitions of a stream's topics.
    /// - Returns: Their number.
    /// - Throws: ``StreamError`` when no broker answers or there is no such topic.
    package static func look(_ stream: MessageStream, _ secrets: Secrets) throws(StreamError) -> Int {
        let handle = try KafkaHandle(RD_KAFKA_PRODUCER, try KafkaHandle.settings(of: stream, secrets))
        var found: UnsafePointer<rd_kafka_metadata>?
        let code = rd_kafka_metadata(handle.client, 1, nil, &found, 5000)
        guard code == RD_KAFKA_RESP_ERR_NO_ERROR, let found else {
            throw StreamError(.connection, "no broker answers: \(KafkaHandle.text(code))")
        }
        defer { rd_kafka_metadata_destroy(found) }
        var partitions: [String: Int] = [:]
        for index in 0..<Int(found.pointee.topic_cnt) {
            let topic = found.pointee.topics[index]
            partitions[String(cString: topic.topic)] = Int(topic.partition_cnt)
        }
        for topic in stream.topics where partitions[topic, default: 0] == 0 {
            throw StreamError(.refused, "there is no topic \(topic), or it may not be read")
        }
        return stream.topics.reduce(0) { $0 + partitions[$1, default: 0] }
    }
}

/// Whether a source is to stop, for all threads.
final class StopMark: Sendable {
    private let mark = Atomic(false)

    var isSet: Bool { mark.load(ordering: .acquiring) }

    func set() { mark.store(true, ordering: .releasing) }
}
