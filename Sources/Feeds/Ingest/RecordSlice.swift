import CSV
import Domain

/// A record batch: consecutive records of a file and their bytes, to be decoded on any thread.
struct RecordSlice: Sendable {
    /// The size of an event chunk, counting events and dead letters. Its last record may stand for more events.
    static let chunkRecords = 10_000

    private var batch: RecordBatch
    /// The faults of records that could not be read, by their index.
    private let problems: [Int: Rejection]
    private var records: Range<Int>

    init(_ batch: RecordBatch, problems: [Int: Rejection], records: Range<Int>) {
        self.batch = batch
        self.problems = problems
        self.records = records
    }

    /// Decodes records until an event chunk is full.
    func decoded(by decoder: EventDecoder) -> DecodedRecords {
        var rest = self
        var decoded = DecodedRecords()
        while let record = rest.records.first, decoded.chunk.received < Self.chunkRecords {
            let added = decoder.decode(
                record, of: &rest.batch, rowNumber: decoded.rowNumbers + 1, problem: problems[record],
                into: &decoded.chunk)
            if added == 0 { decoded.chunk.filtered += 1 }
            // One for each record, whatever becomes of it: the events of earlier records do not change its row number.
            decoded.rowNumbers += 1
            rest.records.removeFirst()
        }
        if !rest.records.isEmpty { decoded.rest = rest }
        return decoded
    }
}

/// The decoded records of a record batch.
struct DecodedRecords: Sendable {
    /// The events, with row numbers from 1: how many came before is known only when everything before is decoded.
    var chunk = EventChunk()
    /// How many row numbers the records took.
    var rowNumbers: Int64 = 0
    /// Records that did not fit in the event chunk, because records before them stand for many events.
    var rest: RecordSlice?
}
