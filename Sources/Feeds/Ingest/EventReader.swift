import CSV
import Risk

/// Reads a file from start to end as chunks of events.
struct EventReader {
    /// Of a chunk, events and dead letters together; the last record may stand for more.
    static let chunkRecords = 10_000
    /// Of a chunk, in bytes of the file's text, so that long records do not make it large.
    static let chunkBytes = 4 << 20

    private var reader: RecordReader
    private let decoder: EventDecoder
    /// The next record of the batch.
    private var position: Int
    /// Of the next record, whatever becomes of it: what earlier records stand for does not change it.
    private var rowNumber: Int64 = 1

    /// Opens the file and reads its header.
    init(_ file: EventFile, mapping: Mapping, defaultZone: ZoneOffsets) throws(FeedError) {
        reader = try RecordReader(
            file, stated: mapping.dialect, wanted: mapping.columns.filter { !$0.isOptional }.map(\.name))
        try Self.checkFit(reader, mapping, file)
        decoder = try EventDecoder(
            mapping: mapping, header: reader.header, containers: reader.containers, file: file.path,
            line: reader.headerLine, dialect: reader.dialect, defaultZone: defaultZone)
        // The batch of a CSV file begins with its header.
        position = reader.batch.records.isEmpty ? 0 : 1
    }

    var bytesRead: Int64 { reader.bytesRead }

    /// The header line with its end; empty where the format has none.
    var header: String { reader.headerText }

    /// The next chunk, which may be empty; nil at the end of the file.
    mutating func next() throws(FeedError) -> EventChunk? {
        var chunk = EventChunk()
        var bytes = 0
        while chunk.received < Self.chunkRecords, bytes < Self.chunkBytes {
            while position == reader.batch.records.count {
                guard try reader.readBatch() else { return bytes == 0 ? nil : chunk }
                position = 0
            }
            bytes += reader.batch.records[position].range.count
            let added = reader.decode(position, by: decoder, rowNumber: rowNumber, into: &chunk)
            if added == 0 { chunk.filtered += 1 }
            rowNumber += 1
            position += 1
        }
        return chunk
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
