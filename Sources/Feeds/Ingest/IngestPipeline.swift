package import Domain

/// The result of reading a file.
package struct IngestResult: Sendable {
    package let counts: IngestCounts
    package let notes: IngestNotes
}

/// Reads a file with a mapping and hands its events to a sink.
package struct IngestPipeline: Sendable {
    private let mapping: Mapping
    private let defaultZone: ZoneOffsets
    private let readsOn: Bool
    private let takesAnyColumns: Bool

    /// - Parameters:
    ///   - mapping: The mapping of the file's columns.
    ///   - defaultZone: The dataset's IANA time zone, for times without an offset where the mapping names no zone.
    ///   - readsOn: Whether to read the file to its end even if too many records are rejected.
    ///   - takesAnyColumns: Whether records of JSON without the columns of the mapping are rejected one by one, instead
    ///     of the file as a whole.
    package init(
        mapping: Mapping, defaultZone: String, readsOn: Bool = false, takesAnyColumns: Bool = false
    ) throws(FeedError) {
        self.mapping = mapping
        self.readsOn = readsOn
        self.takesAnyColumns = takesAnyColumns
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
    /// - Returns: The counts of the file and the notes on it. Every event that was handed to the sink counts as
    ///   accepted.
    package func ingest(
        _ file: EventFile, into sink: some EventSink,
        progress: @Sendable (IngestProgress) -> Void = { _ in }
    ) async throws -> IngestResult {
        let reader = try EventReader(
            file, mapping: mapping, defaultZone: defaultZone, takesAnyColumns: takesAnyColumns)
        var queue = DecodingQueue(reader)
        defer { queue.cancel() }
        var counts = IngestCounts()
        var notes = IngestNotes()
        var watch = RejectWatch(mapping.rejects)
        let clock = ContinuousClock()
        var nextReport = clock.now
        func report(_ queue: DecodingQueue) {
            progress(
                IngestProgress(bytesRead: queue.bytesRead, bytesTotal: file.byteCount, received: Int64(counts.received))
            )
        }
        try await sink.begin(header: await reader.header)
        while let decoded = try await queue.next() {
            try Task.checkCancellation()
            let chunk = decoded.chunk
            counts.add(chunk)
            counts.accepted += chunk.count
            notes.unlikelyTimes.add(chunk.unlikelyTimes)
            notes.shortRows.add(decoded.shortRows)
            if !readsOn { try watch.count(decoded) }
            if chunk.received > 0 || chunk.filtered > 0 { try await sink.write(chunk) }
            if clock.now >= nextReport {
                report(queue)
                nextReport = clock.now + .milliseconds(100)
            }
        }
        report(queue)
        // The files of an archive may have different headers, which are known only now.
        try await sink.begin(header: await reader.header)
        if notes.unlikelyTimes.count > 0 { notes.likelyYears = mapping.time.likelyYears }
        notes.findings = await reader.findings
        notes.encodingGuess = await reader.encodingGuess
        try await sink.end(await reader.content(), warnings: notes.sentences)
        return IngestResult(counts: counts, notes: notes)
    }

    /// Computes the digests of a file's records, of the first ones alone or of all, without decoding them. It reads on
    /// a decoding thread.
    ///
    /// - Returns: The digest of the first records, and that of the whole file if it was read to its end: because it was
    ///   asked for, or because there are no more records.
    package func content(
        of file: EventFile, isWhole: Bool
    ) async throws -> (start: [UInt8], whole: [UInt8]?) {
        let reader = try EventReader(file, mapping: mapping, defaultZone: defaultZone)
        let work = Task(executorPreference: DecodingThreads.shared) { () throws -> ([UInt8], [UInt8]?) in
            while true {
                if !isWhole, let start = await reader.start { return (start, nil) }
                guard try await reader.next().slice != nil else { break }
            }
            let content = await reader.content()
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
            throw FeedError(
                .mapping, file: mapping.file,
                "the dataset's time zone \"\(identifier)\" is not known here: it \(TimeZoneName.rule)")
        }
        self = zone
    }
}
