/// The progress of an ingest.
package struct IngestProgress: Sendable, Equatable {
    package let bytesRead: Int64
    package let bytesTotal: Int64
    /// The number of records read so far, both events and dead letters.
    package let received: Int64
}
