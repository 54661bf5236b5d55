/// Takes the events of one batch, in the order of the file.
package protocol EventSink: Sendable {
    /// Called for one chunk after the other, never twice at a time; an error ends the ingest.
    func write(_ chunk: EventChunk) async throws
}
