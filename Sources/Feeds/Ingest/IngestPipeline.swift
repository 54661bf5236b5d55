package import Domain

/// Reads a file with a mapping and hands its events to a sink.
package struct IngestPipeline: Sendable {
    private let mapping: Mapping
    private let defaultZone: ZoneOffsets
    private let readsOn: Bool

    /// - Parameters:
    ///   - mapping: The mapping of the file's columns.
    ///   - defaultZone: The dataset's IANA time zone, for times without an offset where the mapping names no zone.
    ///   - readsOn: Whether to read the file to its end even if too many records are rejected.
    package init(mapping: Mapping, defaultZone: String, readsOn: Bool = false) throws(FeedError) {
        self.mapping = mapping
        self.readsOn = readsOn
        self.defaultZone = try ZoneOffsets(of: mapping, default: defaultZone)
    }

    /// Reads the whole file.
    ///
    /// Records are decoded ahead on several threads while the sink writes. At most a few event chunks are in memory.
    ///
    /// It throws before the sink is called when the file's columns do not fit the mapping, and ``TooManyRejects`` when
    /// more records are rejected than the mapping allows. `progress` is called about ten times a second and once at the
    /// end.
    ///
    /// - Returns: The counts of the file. Every event that was handed to the sink counts as accepted.
    package func ingest(
        _ file: EventFile, into sink: some EventSink,
        progress: @Sendable (IngestProgress) -> Void = { _ in }
    ) async throws -> IngestCounts {
        let reader = try EventReader(file, mapping: mapping, defaultZone: defaultZone)
        var queue = DecodingQueue(reader)
        defer { queue.cancel() }
        var counts = IngestCounts()
        var watch = RejectWatch(mapping.rejects)
        let clock = ContinuousClock()
        var nextReport = clock.now
        func report(_ queue: DecodingQueue) {
            progress(
                IngestProgress(bytesRead: queue.bytesRead, bytesTotal: file.byteCount, received: Int64(counts.received))
            )
        }
        try await sink.begin(header: reader.header)
        while let decoded = try await queue.next() {
            try Task.checkCancellation()
            let chunk = decoded.chunk
            counts.add(chunk)
            counts.accepted += chunk.count
            if !readsOn { try watch.count(decoded) }
            if chunk.received > 0 || chunk.filtered > 0 { try await sink.write(chunk) }
            if clock.now >= nextReport {
                report(queue)
                nextReport = clock.now + .milliseconds(100)
            }
        }
        report(queue)
        try await sink.end(await reader.content())
        return counts
    }

    /// Computes the digests of a file's records, of the first ones alone or of all, without decoding them. It reads on
    /// a decoding thread.
    ///
    /// - Returns: The digest of the first records, and that of the whole file if it was read to its end: because it was
    ///   asked for, or because there are no more records.
    package func content(
        of file: EventFile, isWhole: Bool
    ) async throws -> (start: [UInt8], whole: [UInt8]?) {
        let work = Task(executorPreference: DecodingThreads.shared) {
            [dialect = mapping.dialect] () throws -> ([UInt8], [UInt8]?) in
            var reader = try RecordReader(file, stated: dialect, wanted: [])
            let (_, digest) = reader.beginDigest()
            while true {
                try Task.checkCancellation()
                if !isWhole, let start = digest.start { return (start, nil) }
                guard try reader.readRecordBatch() else { break }
                reader.add(to: digest, from: 0)
            }
            let content = digest.finish()
            return (content.start, content.whole)
        }
        return try await withTaskCancellationHandler {
            try await work.value
        } onCancel: {
            work.cancel()
        }
    }
}

extension ZoneOffsets {
    /// Creates the dataset's time zone, for files that are read with the mapping.
    init(of mapping: Mapping, default identifier: String) throws(FeedError) {
        guard let zone = ZoneOffsets(identifier: identifier) else {
            throw FeedError(.mapping, file: mapping.file, "\"\(identifier)\" is not an IANA time zone")
        }
        self = zone
    }
}
