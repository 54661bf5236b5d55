package import Domain
import Postgres

/// Writes one batch by binary COPY over one or several connections.
///
/// The owner opened the transaction of the leading connection, which is committed last. Only this connection writes
/// rows that are merged, dead letters, and rows of times that have no partition yet: creating a partition locks the
/// hypertable until the transaction ends, so a second connection that creates one would wait for the first, and the
/// first for this writer. Rows of existing partitions go to all connections in turn and not by month: most files are in
/// the order of time, so one connection would write while the others wait. When the rows at hand belong to many
/// partitions, each partition is given to one connection, because opening a partition with its indexes takes the server
/// as long as writing hundreds of rows.
package actor BatchWriter: EventSink {
    typealias HelperOpening = @Sendable () async throws -> PostgresConnection

    let lead: BatchPart
    let rowEncoder: EventRowEncoder
    private var helpers: [BatchPart] = []
    /// The rows of each part, of the leading one first.
    private var tallies: [DayTally]
    private var kinds = KindTable()
    private var helperLimit: Int
    private let openHelper: HelperOpening?
    private let beforeCommit: @Sendable () async throws -> Void
    let scope: BatchScope
    let sql: SQLFiles
    /// The rows that earlier batches of the same file stored.
    private(set) var known: KnownRows
    private(set) var outcome: BatchOutcome
    private(set) var header = ""
    /// The digest of the file's records, once they are all read; nil for dead letters that are read again.
    private(set) var content: ContentDigest?
    private(set) var judge = BatchJudge()
    /// Whether there are rows that are compared with those stored.
    private var mergesRows = false
    /// Whether rows were compared with those stored, to see whether the file is an old list that has grown.
    private var isSampled: Bool
    /// The rows of a dataset of expenditures.
    var expenditures = ExpenditureRows()
    private var letters = PartRows()
    private let allAllowance: LetterAllowance
    private var allowance: LetterAllowance
    private var turn = 0
    /// The first and last time of the events so far.
    private(set) var times: ClosedRange<Instant>?
    var partitions: EventPartitions
    /// Statements that build the dropped indexes again.
    var indexDefinitions: [String] = []

    /// - Parameters:
    ///   - lead: A connection with an open transaction.
    ///   - letters: How many dead letters of the file are kept, including those of earlier batches.
    ///   - helperLimit: How many other connections may be opened.
    ///   - openHelper: Opens another connection and begins a transaction on it.
    ///   - beforeCommit: Uses the leading connection. It is called before the first of the other connections commits,
    ///     and at the end. If it throws, the batch fails.
    init(
        lead: PostgresConnection, scope: BatchScope, known: KnownRows, partitions: EventPartitions, sql: SQLFiles,
        letters allowance: LetterAllowance = LetterAllowance(), helperLimit: Int = 0, openHelper: HelperOpening? = nil,
        beforeCommit: @escaping @Sendable () async throws -> Void = {}
    ) {
        self.lead = BatchPart(lead)
        tallies = [DayTally(zone: scope.zone)]
        self.scope = scope
        self.helperLimit = helperLimit
        self.openHelper = openHelper
        self.beforeCommit = beforeCommit
        rowEncoder = EventRowEncoder(dataset: scope.dataset, batch: scope.batch)
        self.sql = sql
        self.known = known
        isSampled = !scope.hasOthers || scope.identity == .content || scope.feed != nil || scope.isStream
        allAllowance = allowance
        self.allowance = allowance.less(known.deadLetters.count)
        self.partitions = partitions
        outcome = BatchOutcome(batch: scope.batch)
    }

    package func begin(header: String) { self.header = header }

    package func end(_ content: ContentDigest, warnings: [String]) {
        self.content = content
        outcome.warnings += warnings
    }

    func add(_ rows: KnownRows) {
        known = rows
        allowance = allAllowance.less(rows.deadLetters.count)
    }

    func change(_ body: (inout BatchOutcome) -> Void) { body(&outcome) }

    private func noteTimes(of chunk: EventChunk) {
        guard let first = chunk.timestamps.min(), let last = chunk.timestamps.max() else { return }
        times = min(first, times?.lowerBound ?? first)...max(last, times?.upperBound ?? last)
    }

    func noteSample(_ sample: BatchSample) {
        isSampled = true
        if let note = sample.note { outcome.warnings.append(note) }
    }

    /// Writes the events and dead letters of an event chunk.
    /// - Throws: `PostgresError`.
    package func write(_ chunk: EventChunk) async throws {
        if !isSampled { try await sample(chunk) }
        if scope.feed != nil { noteTimes(of: chunk) }
        if scope.holds == .expenditures {
            keepLetters(of: chunk)
            outcome.counts.add(chunk)
            judge.add(chunk)
            try await writeExpenditures(of: chunk)
            if letters.bytes.bytes.count > Self.lettersKept { try await sendLetters() }
            return
        }
        try await makePartitions(for: chunk)
        var stored: [StoredRow] = []
        stored.reserveCapacity(chunk.count)
        var new = PartRows()
        var incoming = PartRows()
        for row in 0..<chunk.count {
            let timestamp = chunk.timestamps[row]
            if scope.mergesAllRows || !chunk.eventIDs.range(at: row).isEmpty {
                rowEncoder.append(chunk, row, isMerged: true, to: &incoming.bytes)
                continue
            }
            guard !known.rows.contains(chunk.rowNumbers[row]) else { continue }
            if let place = partitions.stored(timestamp) {
                stored.append(StoredRow(row: row, partition: place))
            } else {
                partitions.countNew(timestamp)
                append(chunk, row, to: &new, ofPart: 0)
            }
        }
        keepLetters(of: chunk)
        outcome.counts.add(chunk)
        judge.add(chunk)
        try await lead.send(new, to: .events)
        if !partitions.grown.isEmpty {
            try await lead.endCopy()
            try await takeIndexesAway()
        }
        if !incoming.bytes.isEmpty { try await prepareIncoming() }
        try await lead.send(incoming, to: .incoming)
        try await shareOut(stored, of: chunk, leadIsBusy: !new.bytes.isEmpty)
        if letters.bytes.bytes.count > Self.lettersKept { try await sendLetters() }
    }

    /// Ends the COPY, so that the leading connection can run other statements until the next write.
    func pause() async throws {
        try await lead.endCopy()
    }

    /// Merges rows that are compared with those stored, and commits the other connections one after the other. It must
    /// be called once, after the last event chunk.
    ///
    /// Everything that can fail because of the rows' content happens before the first commit, unless the batch has both
    /// rows that are merged and others.
    func finish() async throws -> BatchOutcome {
        try await sendLetters()
        try await lead.endCopy()
        for helper in helpers { try await helper.endCopy() }
        try await buildIndexes()
        if !helpers.isEmpty { try await beforeCommit() }
        for (number, helper) in helpers.enumerated() {
            try await helper.commit(tallies[number + 1], kinds, to: scope, content: content)
            outcome.counts.accepted += await helper.accepted
        }
        var accepted = await lead.accepted
        let holdsEvents = scope.holds == .events
        if holdsEvents, scope.feed?.isWhole == true { try await prepareIncoming() }
        let place = try await beginPart()
        if !holdsEvents {
            accepted += try await mergeExpenditures(place)
        } else if mergesRows {
            accepted += try await merge(place)
        }
        if holdsEvents, let place { try await removeWhatIsGone(place) }
        // Dead letters that are read again stay those of their batch.
        if scope.identity == .content, content != nil {
            try await lead.connection.query(sql[.lettersMerge], [scope.dataset, outcome.batch])
        }
        outcome.counts.accepted += accepted
        try await mergeLetters()
        outcome.counts.duplicate = outcome.counts.received - outcome.counts.rejected - outcome.counts.accepted
        try await countPart()
        if !holdsEvents { try await noteExpenditures() }
        try await tallies[0].store(scope.dataset, kinds, on: lead.connection)
        try await beforeCommit()
        return outcome
    }

    /// Closes the other connections without committing, and ends what the leading one sends, so that it can be rolled
    /// back. It stays open, because it holds the lock of the dataset until the failure is recorded.
    func abandon() async {
        await lead.abandon()
        for helper in helpers {
            await helper.abandon()
            await helper.connection.close()
        }
    }

    private func keepLetters(of chunk: EventChunk) {
        for letter in chunk.deadLetters where !known.deadLetters.contains(letter.rowNumber) {
            if allowance.takes(letter) {
                rowEncoder.append(letter, to: &letters.bytes)
            } else {
                outcome.counts.deadLettersOmitted += 1
            }
        }
    }

    /// Bytes of dead letters that are held back, so that single bad records do not interrupt the COPY of events.
    private static let lettersKept = 1 << 20

    /// A row for a partition that existed before the batch.
    private struct StoredRow {
        let row: Int
        let partition: Int
    }

    /// The number of partitions from which on opening them takes longer than opening another connection.
    private static let manyPartitions = 16

    private func shareOut(_ rows: [StoredRow], of chunk: EventChunk, leadIsBusy: Bool) async throws {
        guard !rows.isEmpty else { return }
        let connections = mergesRows || openHelper == nil ? 1 : helperLimit + 1
        guard connections > 1, Set(rows.lazy.map(\.partition)).count >= Self.manyPartitions else {
            let place = try await nextPart(leadIsBusy: leadIsBusy)
            var part = PartRows(reserving: rows.count)
            for row in rows { append(chunk, row.row, to: &part, ofPart: place) }
            return try await self.part(place).send(part, to: .events)
        }
        for share in 0..<connections {
            let place = try await open(share)
            var part = PartRows(reserving: rows.count / connections)
            for row in rows where row.partition % connections == share {
                append(chunk, row.row, to: &part, ofPart: place)
            }
            try await self.part(place).send(part, to: .events)
        }
    }

    private func append(_ chunk: EventChunk, _ row: Int, to rows: inout PartRows, ofPart place: Int) {
        rows.accepted += 1
        let kind = kinds.number(of: chunk.eventTypes.bytes[chunk.eventTypes.range(at: row)])
        tallies[place].add(chunk.timestamps[row], kind: kind)
        rowEncoder.append(chunk, row, isMerged: false, to: &rows.bytes)
    }

    /// The number of the part that writes next. Connections are opened when their first turn comes, so a small file
    /// needs only one.
    func nextPart(leadIsBusy: Bool) async throws -> Int {
        // Merging rows locks days until the leading transaction ends, and other connections would wait for them.
        guard !mergesRows, helperLimit > 0, openHelper != nil else { return 0 }
        var place = turn % (helperLimit + 1)
        if place == 0, leadIsBusy { place = 1 }
        turn = place + 1
        return try await open(place)
    }

    /// Opens the connections of the parts up to a number, 0 for the leading one.
    ///
    /// - Returns: The number, or the last one that could be opened.
    private func open(_ place: Int) async throws -> Int {
        guard place > 0, let openHelper else { return 0 }
        while place > helpers.count {
            do {
                helpers.append(BatchPart(try await openHelper()))
                tallies.append(DayTally(zone: scope.zone))
            } catch let error as PostgresError where error.code == .connection {
                // The server has no room for more connections, so the open ones must do.
                helperLimit = helpers.count
                return helpers.count
            }
        }
        return place
    }

    func part(_ place: Int) -> BatchPart { place == 0 ? lead : helpers[place - 1] }

    private func prepareIncoming() async throws {
        guard !mergesRows else { return }
        mergesRows = true
        try await lead.endCopy()
        try await lead.connection.execute(
            """
            CREATE TEMP TABLE incoming (
                event_id text, event_type text, event_timestamp timestamptz, geom geometry(Point, 4326),
                attributes_json jsonb, row_number bigint
            ) ON COMMIT DROP
            """)
    }

    private func sendLetters() async throws {
        try await lead.send(letters, to: .deadLetters)
        letters.bytes.removeAll()
    }
}
