/// Takes the events of one batch, in file order.
package protocol EventSink: Sendable {
    /// Called once, before the first event chunk.
    ///
    /// - Parameter header: The text that makes a readable file when a record is put after it: the header line with its
    ///   end, or nothing in formats without a header.
    func begin(header: String) async throws

    /// Called for one event chunk after the other, never twice at a time. An error ends the ingest.
    func write(_ chunk: EventChunk) async throws

    /// Called once, after the last event chunk.
    func end(_ content: ContentDigest) async throws
}

extension EventSink {
    package func begin(header: String) async throws {}
    package func end(_ content: ContentDigest) async throws {}
}
