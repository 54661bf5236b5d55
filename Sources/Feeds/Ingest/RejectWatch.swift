import Domain

/// Counts records as they are read, and ends an ingest when too many are rejected.
struct RejectWatch {
    private let rule: RejectRule
    private var records = 0
    private var counts = RejectCounts()
    private var first: [DeadLetter] = []

    init(_ rule: RejectRule) { self.rule = rule }

    /// - Throws: ``TooManyRejects`` when the mapping does not allow that many.
    mutating func count(_ decoded: DecodedRecords) throws(TooManyRejects) {
        let letters = decoded.chunk.deadLetters
        // A record that stands for many events counts as one here.
        records += Int(decoded.rowNumbers) - decoded.chunk.filtered
        guard !letters.isEmpty else { return }
        counts.add(letters)
        first += letters.prefix(TooManyRejects.lettersKept - first.count)
        guard !rule.allows(rejected: counts.total, of: records) else { return }
        throw TooManyRejects(records: records, counts: counts, share: rule.share, letters: first)
    }
}
