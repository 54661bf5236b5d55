/// Takes the events of one batch, in the order of the file.
package protocol EventSink: Sendable {
    /// Called once, before the first chunk.
    ///
    /// - Parameter header: what has to stand before a record of the file to make a file of it that can be read: the header
    ///   line with its end, or nothing in formats without one.
    func begin(header: String) async throws

    /// Called for one chunk after the other, never twice at a time; an error ends the ingest.
    func write(_ chunk: EventChunk) async throws
}

extension EventSink {
    package func begin(header: String) async throws {}
}
