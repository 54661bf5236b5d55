import CSV

/// Reads a file from start to end and cuts it into pieces to be decoded.
actor EventReader {
    /// Of a piece, so that the chunks in memory are small and every thread gets some even of a short file.
    static let pieceRecords = 5_000

    nonisolated let decoder: EventDecoder
    /// The header line with its end; empty where the format has none.
    nonisolated let header: String
    private var reader: RecordReader
    /// The next record of the reader's batch.
    private var position: Int

    /// Opens the file and reads its header.
    init(_ file: EventFile, mapping: Mapping, defaultZone: ZoneOffsets) throws(FeedError) {
        let reader = try RecordReader(
            file, stated: mapping.dialect, wanted: mapping.columns.filter { !$0.isOptional }.map(\.name))
        try Self.checkFit(reader, mapping, file)
        decoder = try EventDecoder(
            mapping: mapping, header: reader.header, containers: reader.containers, file: file.path,
            line: reader.headerLine, dialect: reader.dialect, defaultZone: defaultZone)
        header = reader.headerText
        // The batch of a CSV file begins with its header.
        position = reader.batch.records.isEmpty ? 0 : 1
        self.reader = reader
    }

    /// The next records, nil at the end of the file, and how many bytes of it were read.
    func next() throws -> (piece: RecordPiece?, bytesRead: Int64) {
        while position == reader.batch.records.count {
            // A file may go on for gigabytes without a record.
            try Task.checkCancellation()
            guard try reader.readBatch() else { return (nil, reader.bytesRead) }
            position = 0
        }
        let records = position..<min(position + Self.pieceRecords, reader.batch.records.count)
        position = records.upperBound
        return (RecordPiece(reader.batch, problems: reader.problems, records: records), reader.bytesRead)
    }

    /// JSON leaves out what is null, so any column may be missing in the first records, but not everything at once.
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
