import CSV
import Domain

/// Reads a file from start to end and cuts it into record batches.
actor EventReader {
    /// The size of a record batch: small enough for small event chunks, and for every thread to get some of a short
    /// file.
    static let sliceRecords = 5_000

    nonisolated let decoder: EventDecoder
    /// The header line with its line end; empty where the format has none.
    nonisolated let header: String
    private var reader: RecordReader
    /// The index of the next record in the reader's records.
    private var position: Int
    private let digest: RecordDigest

    /// Opens the file and reads its header.
    init(_ file: EventFile, mapping: Mapping, defaultZone: ZoneOffsets) throws(FeedError) {
        var reader = try RecordReader(
            file, stated: mapping.dialect, wanted: mapping.columns.filter { !$0.isOptional }.map(\.name))
        try Self.checkFit(reader, mapping, file)
        decoder = try EventDecoder(
            mapping: mapping, header: reader.header, containers: reader.containers, file: file.path,
            line: reader.headerLine, dialect: reader.dialect, defaultZone: defaultZone)
        header = reader.headerText
        (position, digest) = reader.beginDigest()
        self.reader = reader
    }

    /// The next record batch, nil at the end of the file, and how many bytes of the file were read.
    func next() throws -> (slice: RecordSlice?, bytesRead: Int64) {
        while position == reader.batch.records.count {
            // A file may go on for gigabytes without a record, so cancellation is checked here.
            try Task.checkCancellation()
            guard try reader.readRecordBatch() else { return (nil, reader.bytesRead) }
            position = 0
            reader.add(to: digest, from: 0)
        }
        let records = position..<min(position + Self.sliceRecords, reader.batch.records.count)
        position = records.upperBound
        return (RecordSlice(reader.batch, problems: reader.problems, records: records), reader.bytesRead)
    }

    /// The digest of the file. It must be called once, after the last record batch.
    func content() -> ContentDigest { digest.finish() }

    /// Checks that the columns of a JSON file fit the mapping. JSON leaves out what is null, so any column may be
    /// missing in the first records, but not all of them.
    private static func checkFit(_ reader: RecordReader, _ mapping: Mapping, _ file: EventFile) throws(FeedError) {
        guard reader.dialect.format != .csv, reader.foundColumns > 0 else { return }
        let found = Array(reader.header.prefix(reader.foundColumns))
        let index = ColumnIndex(header: found, mapping: mapping, file: file.path, line: 1)
        var place = mapping.coordinates.place.columns
        if case .column(let column) = mapping.time.source { place.append(column) }
        guard !place.contains(where: { index.has($0) }) else { return }
        for column in place { _ = try index.requiredPosition(of: column) }
    }
}
