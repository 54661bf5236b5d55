import Digest
package import Domain
package import Storage

/// The messages of a file that an ingest stores: where they are from, and those that cannot stand in it.
package struct StoredMessages: Sendable {
    let batch: StreamBatch
    /// Dead letters of the messages that cannot stand in the file. Their row numbers follow.
    let unreadable: [DeadLetter]
    /// Whether the broker may send a message again that was stored, so that it must be known by its content.
    let mayComeAgain: Bool

    /// - Parameters:
    ///   - batch: The messages, and up to where the stream is stored with them.
    package init(_ batch: StreamBatch, unreadable: [DeadLetter], mayComeAgain: Bool) {
        self.batch = batch
        self.unreadable = unreadable
        self.mayComeAgain = mayComeAgain
    }

    /// The digest that stands for that of a file. Two batches may hold the same bytes and be different messages.
    var digest: String { hexadecimal(SHA256.hash("hextant stream \(batch.name)")) }
}
