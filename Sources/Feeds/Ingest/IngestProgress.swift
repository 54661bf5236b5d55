/// How far an ingest has come.
package struct IngestProgress: Sendable, Equatable {
    package let bytesRead: Int64
    package let bytesTotal: Int64
    /// Records read so far, events and dead letters.
    package let received: Int64
}
