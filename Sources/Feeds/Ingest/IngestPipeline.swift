package import Risk

/// Reads a file by a mapping and hands its events to a sink.
package struct IngestPipeline: Sendable {
    private let mapping: Mapping
    private let defaultZone: ZoneOffsets

    /// - Parameters:
    ///   - mapping: what the file's columns mean.
    ///   - defaultZone: the dataset's IANA time zone, of times without an offset where the mapping names no zone.
    package init(mapping: Mapping, defaultZone: String) throws(FeedError) {
        guard let zone = ZoneOffsets(identifier: defaultZone) else {
            throw FeedError(.mapping, file: mapping.file, "\"\(defaultZone)\" is no IANA time zone")
        }
        self.mapping = mapping
        self.defaultZone = zone
    }

    /// Reads the whole file.
    ///
    /// Records are decoded ahead on several threads while the sink writes; a few chunks are in memory at most.
    ///
    /// A file whose columns do not fit the mapping throws before the sink is called. `progress` is called about ten times
    /// a second and once at the end.
    package func ingest(
        _ file: EventFile, into sink: some EventSink,
        progress: @Sendable (IngestProgress) -> Void = { _ in }
    ) async throws -> IngestCounts {
        let reader = try EventReader(file, mapping: mapping, defaultZone: defaultZone)
        var queue = DecodingQueue(reader)
        defer { queue.cancel() }
        var counts = IngestCounts()
        let clock = ContinuousClock()
        var nextReport = clock.now
        try await sink.begin(header: reader.header)
        while let decoded = try await queue.next() {
            counts.add(decoded)
            if decoded.chunk.received > 0 { try await sink.write(decoded.chunk) }
            if clock.now >= nextReport {
                progress(IngestProgress(bytesRead: queue.bytesRead, bytesTotal: file.byteCount, received: counts.received))
                nextReport = clock.now + .milliseconds(100)
            }
        }
        progress(IngestProgress(bytesRead: queue.bytesRead, bytesTotal: file.byteCount, received: counts.received))
        return counts
    }
}

extension IngestCounts {
    fileprivate mutating func add(_ decoded: DecodedPiece) {
        let chunk = decoded.chunk
        received += Int64(chunk.received)
        self.decoded += Int64(chunk.count)
        rejected += Int64(chunk.deadLetters.count)
        filtered += decoded.filtered
        for letter in chunk.deadLetters { rejectedByReason[letter.reasonCode, default: 0] += 1 }
    }
}
