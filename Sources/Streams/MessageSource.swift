/// Messages of a broker, batch by batch. A batch is confirmed when it is stored, and the next is asked for only then.
package protocol MessageSource: Actor {
    /// Waits for messages: at most about a second for the first one, and then until there are enough of them or as
    /// long as the stream says. The batch is empty when none came, or the source was stopped.
    /// - Throws: ``StreamError`` when the broker cannot be reached or refuses; the source is of no more use then.
    func next() throws -> MessageBatch

    /// Why nothing comes at present, if that may pass by itself, such as a broker that is away; nil when all is well.
    var trouble: String? { get }

    /// Notes that a batch is stored, so that the broker need not send it again.
    /// - Throws: ``StreamError`` when the broker cannot be reached, in which case it sends the messages again.
    func confirm(_ batch: MessageBatch) throws

    /// Gives up the last batch, which somebody else has stored, and goes on where the store says.
    /// - Throws: ``StreamError``.
    func rewind() throws

    /// Leaves the broker. The source must not be used any more.
    func close()

    /// Makes ``next()`` return soon.
    nonisolated func stop()
}

/// Keeps up to which offset a stream is stored.
package protocol StreamOffsets: Sendable {
    /// The offsets of the next message to store, of those partitions that have begun.
    func offsets(of places: [MessagePlace]) async throws -> [MessagePlace: Int64]

    /// Begins partitions at offsets. One that has begun in the meantime stays as it is.
    func begin(_ places: [MessagePlace: Int64]) async throws
}

/// Why a stream cannot be read now.
package struct StreamError: Error, Hashable, CustomStringConvertible {
    package enum Code: String, Sendable {
        /// The broker cannot be reached, or the connection broke.
        case connection
        /// The broker refuses the user, the topic or the subscription.
        case refused
        /// A setting of the stream cannot be used.
        case setting
        /// The offsets of partitions could not be read from the database.
        case offsets
    }

    package let code: Code
    package let description: String

    package init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }
}
