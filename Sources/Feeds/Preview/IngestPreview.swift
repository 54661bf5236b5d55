package import Domain

/// The outcome that an ingest of a file would have, found without a database.
package struct IngestPreview: Sendable {
    package let dialect: Dialect
    package let compression: Compression
    package let counts: IngestCounts
    package let notes: IngestNotes
    /// The first events, one of each record.
    package let rows: [Row]
    /// The first payments with their row numbers, of a file of expenditures.
    package let payments: [(rowNumber: Int64, fields: ExpenditureFields)]
    /// The first dead letter of each reason.
    package let examples: [DeadLetter]
    /// The bounding box of all events; nil when there are none.
    package let bounds: BoundingBox?
    /// The times of the first and last event.
    package let period: ClosedRange<Instant>?
    /// How many events have the id of an earlier one, counted for the first million ids.
    package let repeatedIDs: Int

    package struct Row: Sendable {
        package let rowNumber: Int64
        package let timestamp: Instant
        package let longitude: Double
        package let latitude: Double
        package let eventType: String
        package let eventID: String
        package let attributes: String
    }

    /// Reads the whole file.
    package init(
        _ file: EventFile, mapping: Mapping, defaultZone: String, rows maximumRows: Int = 10
    ) async throws {
        let zone = try ZoneOffsets(of: mapping, default: defaultZone)
        let reader = try EventReader(file, mapping: mapping, defaultZone: zone)
        var dialect = await reader.dialect
        compression = await reader.compression
        let sink = PreviewSink(maximumRows: maximumRows)
        let result = try await IngestPipeline(mapping: mapping, defaultZone: defaultZone, readsOn: true)
            .ingest(file, into: sink)
        (counts, notes) = (result.counts, result.notes)
        rows = await sink.rows
        payments = await sink.payments
        examples = await sink.examples
        bounds = await sink.bounds
        period = await sink.period
        repeatedIDs = await sink.repeatedIDs
        // Characters that show the encoding may come late in the file.
        if let guess = notes.encodingGuess { dialect.encoding = guess.encoding }
        self.dialect = dialect
    }
}

private actor PreviewSink: EventSink {
    private(set) var rows: [IngestPreview.Row] = []
    private(set) var payments: [(rowNumber: Int64, fields: ExpenditureFields)] = []
    private(set) var examples: [DeadLetter] = []
    private(set) var period: ClosedRange<Instant>?
    private var reasons: Set<String> = []
    private var longitudes: ClosedRange<Double>?
    private var latitudes: ClosedRange<Double>?
    private let maximumRows: Int
    private static let maximumIDs = 1_000_000
    private var ids: Set<Int> = []
    private(set) var repeatedIDs = 0

    init(maximumRows: Int) { self.maximumRows = maximumRows }

    var bounds: BoundingBox? {
        guard let longitudes, let latitudes else { return nil }
        return BoundingBox(
            west: longitudes.lowerBound, south: latitudes.lowerBound, east: longitudes.upperBound,
            north: latitudes.upperBound)
    }

    func end(_ content: ContentDigest, warnings: [String]) {}

    func write(_ chunk: EventChunk) {
        for letter in chunk.deadLetters where reasons.insert(letter.reasonCode).inserted { examples.append(letter) }
        Self.widen(&longitudes, by: chunk.longitudes)
        Self.widen(&latitudes, by: chunk.latitudes)
        Self.widen(&period, by: chunk.timestamps)
        for row in 0..<chunk.count where ids.count < Self.maximumIDs {
            let id = chunk.eventIDs.bytes[chunk.eventIDs.range(at: row)]
            if !id.isEmpty, !ids.insert(id.hashValue).inserted { repeatedIDs += 1 }
        }
        guard chunk.expenditures.count == 0 else { return add(chunk.expenditures, of: chunk) }
        for row in 0..<chunk.count
        where rows.count < maximumRows && rows.last?.rowNumber != chunk.rowNumbers[row] {
            rows.append(
                IngestPreview.Row(
                    rowNumber: chunk.rowNumbers[row], timestamp: chunk.timestamps[row],
                    longitude: chunk.longitudes[row], latitude: chunk.latitudes[row],
                    eventType: chunk.eventTypes[row], eventID: chunk.eventIDs[row],
                    attributes: chunk.attributes[row]))
        }
    }

    private func add(_ columns: ExpenditureColumns, of chunk: EventChunk) {
        for row in 0..<min(columns.count, maximumRows - payments.count) {
            guard let fields = columns.fields(at: row) else { continue }
            payments.append((chunk.rowNumbers[row], fields))
        }
    }

    private static func widen<Value: Comparable>(_ range: inout ClosedRange<Value>?, by values: [Value]) {
        guard let least = values.min(), let most = values.max() else { return }
        range = min(range?.lowerBound ?? least, least)...max(range?.upperBound ?? most, most)
    }
}
