import CSV
import Domain

/// A record batch: consecutive records of a file and their bytes, to be decoded on any thread.
struct RecordSlice: Sendable {
    /// The size of an event chunk, counting events and dead letters. Its last record may stand for more events.
    static let chunkRecords = 10_000

    private var batch: RecordBatch
    /// The faults of records that could not be read, by their index.
    private let problems: [Int: Rejection]
    /// Why records have no coordinates, by their index.
    private let geometries: [Int: Rejection]
    private var records: Range<Int>
    private let decoder: EventDecoder
    /// The file in an archive that the records are from; nil where that needs not be said.
    private let member: String?

    init(_ reader: RecordReader, records: Range<Int>, decoder: EventDecoder, member: String?) {
        batch = reader.batch
        problems = reader.problems
        geometries = reader.geometries
        self.records = records
        self.decoder = decoder
        self.member = member
    }

    /// Decodes records until an event chunk is full.
    func decoded() -> DecodedRecords {
        var rest = self
        var decoded = DecodedRecords()
        while let record = rest.records.first, decoded.chunk.received < Self.chunkRecords {
            let letters = decoded.chunk.deadLetters.count
            let added = decoder.decode(
                record, of: &rest.batch, rowNumber: decoded.rowNumbers + 1, problem: problems[record],
                into: &decoded.chunk)
            if added == 0 { decoded.chunk.filtered += 1 }
            if decoded.chunk.deadLetters.count > letters {
                explain(record, &decoded.chunk.deadLetters[letters])
            } else if added > 0, decoder.isShort(batch.records[record]) {
                decoded.shortRows.add(line: batch.records[record].line)
            }
            // One for each record, whatever becomes of it: the events of earlier records do not change its row number.
            decoded.rowNumbers += 1
            rest.records.removeFirst()
        }
        if !rest.records.isEmpty { decoded.rest = rest }
        return decoded
    }

    /// Adds to a dead letter what only the reader of the file knows.
    private func explain(_ record: Int, _ letter: inout DeadLetter) {
        let points = JSONColumns.pointNames
        if let geometry = geometries[record], letter.detail.contains(points.x) || letter.detail.contains(points.y) {
            letter.reasonCode = geometry.reason.rawValue
            letter.detail = geometry.detail
        }
        if let member { letter.detail = "\(member): \(letter.detail)" }
    }
}

/// The records that lack fields at their end and were read all the same.
struct ShortRows: Sendable, Equatable {
    private(set) var count: Int64 = 0
    private(set) var firstLine: Int64 = 0

    mutating func add(line: Int64) {
        if count == 0 { firstLine = line }
        count += 1
    }

    mutating func add(_ other: ShortRows) {
        if count == 0 { firstLine = other.firstLine }
        count += other.count
    }

    /// The sentence for people; nil when there are none.
    var sentence: String? {
        guard count > 0 else { return nil }
        let (records, verb) = count == 1 ? ("record", "has") : ("records", "have")
        return "\(count) \(records) \(verb) fewer fields than the header, first on line \(firstLine); the last columns "
            + "were taken as blank. short_rows: reject in the mapping rejects such records."
    }
}

/// The decoded records of a record batch.
struct DecodedRecords: Sendable {
    /// The events, with row numbers from 1: how many came before is known only when everything before is decoded.
    var chunk = EventChunk()
    /// How many row numbers the records took.
    var rowNumbers: Int64 = 0
    var shortRows = ShortRows()
    /// Records that did not fit in the event chunk, because records before them stand for many events.
    var rest: RecordSlice?
}
