/// The place of a message at its broker: a partition of a topic. MQTT has no partitions; there it is 0.
package struct MessagePlace: Hashable, Sendable, CustomStringConvertible {
    package let topic: String
    package let partition: Int32

    package init(topic: String, partition: Int32) {
        self.topic = topic
        self.partition = partition
    }

    package var description: String { "\(topic)[\(partition)]" }
}

/// One message as it came.
package struct BrokerMessage: Hashable, Sendable {
    package let payload: [UInt8]
    package let place: MessagePlace
    /// The number of the message in its partition; nil where the broker gives none.
    package let offset: Int64?

    package init(_ payload: [UInt8], place: MessagePlace, offset: Int64?) {
        self.payload = payload
        self.place = place
        self.offset = offset
    }
}

/// Messages that are stored together, in the order in which they came.
package struct MessageBatch: Sendable {
    /// The stretch of a partition that a batch covers.
    package struct Stretch: Hashable, Sendable {
        /// Offset of the first message that was not stored before, and the one after the last message.
        package var from: Int64
        package var to: Int64
        /// The offset after the newest message that the broker is known to have; nil when it is not known.
        package var end: Int64?

        package init(from: Int64, to: Int64, end: Int64? = nil) {
            self.from = from
            self.to = to
            self.end = end
        }
    }

    package let messages: [BrokerMessage]
    /// The stretches of partitions whose messages have offsets; empty for a broker without them.
    package let stretches: [MessagePlace: Stretch]

    package init(_ messages: [BrokerMessage], stretches: [MessagePlace: Stretch] = [:]) {
        self.messages = messages
        self.stretches = stretches
    }

    /// The two halves, which may be stored one after the other; nil for a single message.
    package var halves: (first: MessageBatch, second: MessageBatch)? {
        guard messages.count > 1 else { return nil }
        let first = Array(messages[..<(messages.count / 2)])
        let second = Array(messages[(messages.count / 2)...])
        var before: [MessagePlace: Stretch] = [:]
        var after: [MessagePlace: Stretch] = [:]
        for (place, stretch) in stretches {
            let last = first.last { $0.place == place }?.offset
            let isInSecond = second.contains { $0.place == place }
            let middle = last.map { isInSecond ? $0 + 1 : stretch.to }
            if let middle { before[place] = Stretch(from: stretch.from, to: middle, end: stretch.end) }
            if isInSecond {
                after[place] = Stretch(from: middle ?? stretch.from, to: stretch.to, end: stretch.end)
            }
        }
        return (MessageBatch(first, stretches: before), MessageBatch(second, stretches: after))
    }
}
