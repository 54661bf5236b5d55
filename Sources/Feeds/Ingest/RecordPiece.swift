import CSV
import Risk

/// Some records of a file, one after the other, and the bytes they lie in; to be decoded on any thread.
struct RecordPiece: Sendable {
    /// Of a chunk, events and dead letters together; the last record may stand for more.
    static let chunkRecords = 10_000

    private var batch: CSVBatch
    /// By their places in the batch, the records that are none and why.
    private let problems: [Int: Rejection]
    private var records: Range<Int>

    init(_ batch: CSVBatch, problems: [Int: Rejection], records: Range<Int>) {
        self.batch = batch
        self.problems = problems
        self.records = records
    }

    /// Decodes records until a chunk is full.
    func decoded(by decoder: EventDecoder) -> DecodedPiece {
        var rest = self
        var decoded = DecodedPiece()
        while let record = rest.records.first, decoded.chunk.received < Self.chunkRecords {
            let added = decoder.decode(
                record, of: &rest.batch, rowNumber: decoded.rowNumbers + 1, problem: problems[record],
                into: &decoded.chunk)
            if added == 0 { decoded.chunk.filtered += 1 }
            // One for each record, whatever becomes of it: what earlier records stand for does not change its number.
            decoded.rowNumbers += 1
            rest.records.removeFirst()
        }
        if !rest.records.isEmpty { decoded.rest = rest }
        return decoded
    }
}

/// What the records of a piece became.
struct DecodedPiece: Sendable {
    /// Its rows are numbered from 1 on: how many came before is known only when all before it is decoded.
    var chunk = EventChunk()
    /// How many numbers the records took.
    var rowNumbers: Int64 = 0
    /// Records that the chunk had no room for, because those before them stand for many events.
    var rest: RecordPiece?
}
