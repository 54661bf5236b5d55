/// Takes the events of one batch, in file order.
package protocol EventSink: Sendable {
    /// Called before the first event chunk, and again with all headers when everything was written.
    ///
    /// - Parameter header: The text that makes a readable file when a record is put after it: the header line with its
    ///   end, or nothing in formats without a header. Headers of further files in an archive follow, each after the
    ///   number of its first row.
    func begin(header: String) async throws

    /// Called for one event chunk after the other, never twice at a time. An error ends the ingest.
    func write(_ chunk: EventChunk) async throws

    /// Called once, after the last event chunk.
    ///
    /// - Parameter warnings: Guesses and doubts about the file, and what was left out of it, in sentences.
    func end(_ content: ContentDigest, warnings: [String]) async throws
}

extension EventSink {
    package func begin(header: String) async throws {}
}
