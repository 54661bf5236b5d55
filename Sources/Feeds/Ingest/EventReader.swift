import CSV
import Foundation
import Risk

/// Reads a file from start to end as chunks of events.
struct EventReader {
    /// Of a chunk, events and dead letters together.
    static let chunkRecords = 10_000
    /// Of a chunk, in bytes of the file, so that long records do not make it large.
    static let chunkBytes = 4 << 20

    private let file: EventFile
    private let handle: FileHandle
    private var csv: CSVReader
    private var batch = CSVBatch()
    /// The next record of the batch.
    private var position = 0
    private var isAtEnd = false
    private var decoder: EventDecoder?
    private(set) var recordsRead: Int64 = 0
    private(set) var bytesRead: Int64 = 0
    /// The header line with its end.
    private(set) var header = ""

    /// Opens the file and reads its header.
    init(_ file: EventFile, mapping: Mapping, defaultZone: ZoneOffsets) throws(FeedError) {
        self.file = file
        handle = try file.open()
        csv = CSVReader(delimiter: mapping.delimiter)
        while batch.records.isEmpty, !isAtEnd { try refill() }
        let line = Int(batch.records.first?.line ?? 1)
        guard let record = batch.records.first, record.fault == nil else {
            throw FeedError(
                .header, file: file.path, line: line,
                batch.records.isEmpty
                    ? "there is no header line: the file is empty"
                    : "the header line opens a quote that it does not close, or is longer than 1 MiB")
        }
        var header: [String] = []
        for field in record.fields {
            batch.unescape(field)
            guard let name = String(validating: batch.bytes[batch.fields[field].range], as: UTF8.self) else {
                throw FeedError(.header, file: file.path, line: line, "the header line is not UTF-8")
            }
            header.append(name)
        }
        self.header = RawText.lossless(batch.bytes[record.range]) + "\n"
        decoder = try EventDecoder(
            mapping: mapping, header: header, file: file.path, line: line, defaultZone: defaultZone)
        position = 1
    }

    /// The next chunk; nil at the end of the file.
    mutating func next() throws(FeedError) -> EventChunk? {
        var chunk = EventChunk()
        var bytes = 0
        while chunk.received < Self.chunkRecords, bytes < Self.chunkBytes {
            while position == batch.records.count {
                guard !isAtEnd else { return chunk.received == 0 ? nil : chunk }
                try refill()
            }
            bytes += batch.records[position].range.count
            recordsRead += 1
            decoder?.decode(position, of: &batch, rowNumber: recordsRead, into: &chunk)
            position += 1
        }
        return chunk
    }

    private mutating func refill() throws(FeedError) {
        position = 0
        guard let piece = try file.read(from: handle) else {
            isAtEnd = true
            csv.finish(into: &batch)
            return
        }
        bytesRead += Int64(piece.count)
        csv.read(piece.span, into: &batch)
    }
}
