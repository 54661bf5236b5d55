import CRdKafka
import Domain
import Fetch
import Foundation
import Threads

/// A member of a consumer group that takes its offsets from the database and not from the group.
///
/// Used by one thread. librdkafka calls back only while that thread polls or closes, so nothing here is shared.
final class KafkaConsumer {
    private let stream: MessageStream
    private let offsets: any StreamOffsets
    private let isStopped: @Sendable () -> Bool
    private var handle: KafkaHandle?
    /// The partitions that this member has, with the offset of the next message that is not handed out.
    private var next: [MessagePlace: Int64] = [:]
    private var collected: [BrokerMessage] = []
    /// The offset after the last collected message of each partition.
    private var ends: [MessagePlace: Int64] = [:]
    private(set) var collectedBytes = 0
    /// Why nothing more can be read.
    private var failure: StreamError?
    /// The last error that may pass by itself, such as a broker that is away.
    private(set) var trouble: String?

    /// How often the offsets of partitions are asked for, once a second, before the member gives up.
    private static let tries = 30
    private static let askPatience: Int32 = 10_000
    /// Without a sign for so long the group takes a member for dead, in milliseconds. Its partitions go to others.
    private static let pollInterval = 60_000
    private static let sessionTimeout = 10_000

    init(
        _ stream: MessageStream, _ secrets: Secrets, offsets: any StreamOffsets,
        isStopped: @escaping @Sendable () -> Bool
    ) throws(StreamError) {
        self.stream = stream
        self.offsets = offsets
        self.isStopped = isStopped
        let settings =
            try KafkaHandle.settings(of: stream, secrets) + [
                (name: "group.id", value: stream.group),
                // The database keeps the offsets, in the transaction of the events.
                (name: "enable.auto.commit", value: "false"), (name: "enable.auto.offset.store", value: "false"),
                (name: "auto.offset.reset", value: "earliest"), (name: "isolation.level", value: "read_committed"),
                (name: "partition.assignment.strategy", value: "range,roundrobin"),
                (name: "max.poll.interval.ms", value: "\(Self.pollInterval)"),
                (name: "session.timeout.ms", value: "\(Self.sessionTimeout)"),
                // Messages that wait in memory, in KiB for all partitions.
                (name: "queued.max.messages.kbytes", value: "16384"),
                (name: "fetch.wait.max.ms", value: "100"), (name: "enable.partition.eof", value: "false"),
                (name: "allow.auto.create.topics", value: "false"),
                // A topic that is made later is found after so long.
                (name: "topic.metadata.refresh.interval.ms", value: "30000"),
            ]
        let me = Unmanaged.passUnretained(self).toOpaque()
        let handle = try KafkaHandle(RD_KAFKA_CONSUMER, settings) { configuration in
            rd_kafka_conf_set_opaque(configuration, me)
            rd_kafka_conf_set_rebalance_cb(configuration) { _, code, list, opaque in
                guard let opaque else { return }
                Unmanaged<KafkaConsumer>.fromOpaque(opaque).takeUnretainedValue().rebalance(code, list)
            }
            rd_kafka_conf_set_error_cb(configuration) { client, code, reason, opaque in
                guard let opaque else { return }
                Unmanaged<KafkaConsumer>.fromOpaque(opaque).takeUnretainedValue()
                    .note(rd_kafka_resp_err_t(rawValue: code), reason.map { String(cString: $0) } ?? "")
            }
        }
        self.handle = handle
        rd_kafka_poll_set_consumer(handle.client)
        let topics = rd_kafka_topic_partition_list_new(Int32(stream.topics.count))
        defer { rd_kafka_topic_partition_list_destroy(topics) }
        for topic in stream.topics { rd_kafka_topic_partition_list_add(topics, topic, Self.anyPartition) }
        let code = rd_kafka_subscribe(handle.client, topics)
        guard code == RD_KAFKA_RESP_ERR_NO_ERROR else {
            throw StreamError(.refused, "the topics cannot be subscribed to: \(KafkaHandle.text(code))")
        }
    }

    /// The number that stands for any partition (RD_KAFKA_PARTITION_UA).
    private static let anyPartition: Int32 = -1

    /// How many messages have been collected since the last ``take()``.
    var count: Int { collected.count }

    /// Waits for one message, or until something else happened.
    /// - Throws: ``StreamError`` after which this consumer is of no more use.
    func poll(for patience: Duration) throws(StreamError) {
        guard let client = handle?.client else { throw StreamError(.connection, "the consumer is closed") }
        let message = rd_kafka_consumer_poll(client, Int32(clamping: max(0, patience.inMilliseconds)))
        // A callback may have failed during the call.
        if let failure { throw failure }
        guard let message else { return }
        defer { rd_kafka_message_destroy(message) }
        let found = message.pointee
        guard found.err == RD_KAFKA_RESP_ERR_NO_ERROR else {
            if found.err != RD_KAFKA_RESP_ERR__PARTITION_EOF {
                note(found.err, String(cString: rd_kafka_message_errstr(message)))
            }
            if let failure { throw failure }
            return
        }
        guard let topic = found.rkt else { return }
        let place = MessagePlace(topic: String(cString: rd_kafka_topic_name(topic)), partition: found.partition)
        // Messages on their way from a partition that has left belong to its next owner.
        guard next[place] != nil else { return }
        let payload = found.payload.map { Array(UnsafeRawBufferPointer(start: $0, count: found.len)) } ?? []
        collected.append(BrokerMessage(payload, place: place, offset: found.offset))
        ends[place] = found.offset + 1
        collectedBytes += payload.count
        trouble = nil
    }

    /// Hands out what was collected.
    func take() -> MessageBatch {
        var stretches: [MessagePlace: MessageBatch.Stretch] = [:]
        for (place, end) in ends {
            guard let from = next[place] else { continue }
            stretches[place] = MessageBatch.Stretch(from: from, to: end, end: newest(of: place))
            next[place] = end
        }
        let batch = MessageBatch(collected, stretches: stretches)
        drop()
        return batch
    }

    /// Tells the group what is stored, for people and their tools; nothing here depends on it.
    func tellGroup(_ batch: MessageBatch) {
        guard let client = handle?.client, !batch.stretches.isEmpty else { return }
        let list = rd_kafka_topic_partition_list_new(Int32(batch.stretches.count))
        defer { rd_kafka_topic_partition_list_destroy(list) }
        for (place, stretch) in batch.stretches where next[place] != nil {
            rd_kafka_topic_partition_list_add(list, place.topic, place.partition).pointee.offset = stretch.to
        }
        _ = rd_kafka_commit(client, list, 1)
    }

    /// Goes on where the database says, in all partitions that this member has.
    /// - Throws: ``StreamError``.
    func rewind() throws(StreamError) {
        drop()
        try assign(Array(next.keys))
    }

    /// Leaves the group.
    func close() {
        guard let client = handle?.client else { return }
        drop()
        rd_kafka_consumer_close(client)
        handle = nil
    }

    private func drop() {
        collected = []
        collectedBytes = 0
        ends = [:]
    }

    private func rebalance(
        _ code: rd_kafka_resp_err_t, _ list: UnsafeMutablePointer<rd_kafka_topic_partition_list_t>?
    ) {
        // All partitions are given or taken at once. What was collected of them belongs to their next owner, who reads
        // the same offsets in the database.
        drop()
        next = [:]
        guard code == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS, let list else {
            if let client = handle?.client { rd_kafka_assign(client, nil) }
            return
        }
        let places = (0..<Int(list.pointee.cnt)).map { index in
            let partition = list.pointee.elems[index]
            return MessagePlace(topic: String(cString: partition.topic), partition: partition.partition)
        }
        do throws(StreamError) {
            try assign(places)
        } catch {
            failure = error
            if let client = handle?.client { rd_kafka_assign(client, nil) }
        }
    }

    private func assign(_ places: [MessagePlace]) throws(StreamError) {
        guard let client = handle?.client else { return }
        let found = try stored(places)
        let list = rd_kafka_topic_partition_list_new(Int32(places.count))
        defer { rd_kafka_topic_partition_list_destroy(list) }
        for (place, offset) in found {
            rd_kafka_topic_partition_list_add(list, place.topic, place.partition).pointee.offset = offset
        }
        let code = rd_kafka_assign(client, list)
        guard code == RD_KAFKA_RESP_ERR_NO_ERROR else {
            throw StreamError(.connection, "partitions cannot be read: \(KafkaHandle.text(code))")
        }
        next = found
    }

    /// The offsets of partitions in the database. Those without one begin now.
    private func stored(_ places: [MessagePlace]) throws(StreamError) -> [MessagePlace: Int64] {
        var last = "the server is stopping"
        for attempt in 0..<Self.tries where !isStopped() {
            if attempt > 0 { Thread.sleep(forTimeInterval: 1) }
            do {
                var found = try Self.waiting { [offsets] in try await offsets.offsets(of: places) }
                let new = places.filter { found[$0] == nil }
                if !new.isEmpty {
                    var starts: [MessagePlace: Int64] = [:]
                    for place in new { starts[place] = try self.start(of: place) }
                    found = try Self.waiting { [offsets, starts] in
                        try await offsets.begin(starts)
                        return try await offsets.offsets(of: places)
                    }
                }
                if found.count == places.count { return found }
                last = "they are not all there"
            } catch {
                last = "\(error)"
            }
        }
        throw StreamError(.offsets, "the offsets of partitions cannot be read: \(last)")
    }

    private func start(of place: MessagePlace) throws(StreamError) -> Int64 {
        guard let client = handle?.client else { throw StreamError(.connection, "the consumer is closed") }
        var low: Int64 = 0
        var high: Int64 = 0
        let code = rd_kafka_query_watermark_offsets(
            client, place.topic, place.partition, &low, &high, Self.askPatience)
        guard code == RD_KAFKA_RESP_ERR_NO_ERROR else {
            throw StreamError(.connection, "the ends of \(place) are not known: \(KafkaHandle.text(code))")
        }
        return stream.start == .earliest ? low : high
    }

    private func newest(of place: MessagePlace) -> Int64? {
        guard let client = handle?.client else { return nil }
        var low: Int64 = 0
        var high: Int64 = 0
        let code = rd_kafka_get_watermark_offsets(client, place.topic, place.partition, &low, &high)
        return code == RD_KAFKA_RESP_ERR_NO_ERROR && high >= 0 ? high : nil
    }

    private func note(_ code: rd_kafka_resp_err_t, _ reason: String) {
        let told = reason.isEmpty ? KafkaHandle.text(code) : reason
        switch code {
        case RD_KAFKA_RESP_ERR__FATAL: failure = StreamError(.connection, told)
        case RD_KAFKA_RESP_ERR__AUTHENTICATION, RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED,
            RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED:
            failure = StreamError(.refused, told)
        default: trouble = told
        }
    }

    /// The result of a task, for which this thread waits: librdkafka asks for offsets in a callback.
    private static func waiting<Output: Sendable>(
        _ work: @escaping @Sendable () async throws -> Output
    ) throws -> Output {
        let done = Monitor<Result<Output, any Error>?>(nil)
        Task.detached {
            let result: Result<Output, any Error>
            do { result = .success(try await work()) } catch { result = .failure(error) }
            done.change { $0 = result }
        }
        return try done.wait { $0 }.get()
    }
}
