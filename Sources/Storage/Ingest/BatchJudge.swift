import Domain
import Postgres

/// Sums up the records of a batch while they are written, so that its quality is known when it ends.
struct BatchJudge: Sendable {
    private(set) var quality = RecordQuality()
    private(set) var newest: Instant?
    private(set) var futureEvents = 0
    /// The time after which an event is still to come. A day is left for clocks and time zones.
    private let end: Instant
    private var unique: [UniqueValues] = []

    init(now: Instant = .now) { end = now + .days(1) }

    mutating func add(_ chunk: EventChunk) {
        quality.add(chunk.quality)
        for timestamp in chunk.timestamps {
            if timestamp > end {
                futureEvents += 1
            } else if newest.map({ timestamp > $0 }) ?? true {
                newest = timestamp
            }
        }
        for (place, hashes) in chunk.quality.uniqueHashes.enumerated() {
            while unique.count <= place { unique.append(UniqueValues()) }
            for hash in hashes { unique[place].add(hash) }
        }
    }

    /// Quality of a batch with these counts, as far as it is known before the database was asked.
    func facts(_ counts: IngestCounts) -> BatchFacts {
        var facts = BatchFacts()
        facts.received = counts.received
        facts.rejected = counts.rejected
        facts.quality = quality
        facts.repeated = unique.map { ($0.repeated, $0.isEstimate) }
        facts.futureEvents = futureEvents
        return facts
    }
}

extension IngestStore {
    /// Compares a batch that has been written with what is expected of it.
    func findings(
        _ counts: IngestCounts, _ judge: BatchJudge, _ upload: Upload, batch: Int64, on connection: PostgresConnection
    ) async throws -> [QualityFinding] {
        var facts = judge.facts(counts)
        if upload.expect.rowChange != nil {
            facts.earlier = try await connection.query(sql[.batchEarlier], [batch, BatchFacts.comparedBatches])
                .map { try $0.get(0) }
        }
        if upload.expect.freshDays != nil, upload.makes == .expenditures {
            facts.ageDays = try await connection.query(
                """
                SELECT (now() AT TIME ZONE d.time_zone)::date - max(e.entered)
                FROM datasets d JOIN expenditures e ON e.dataset = d.slug
                WHERE d.slug = $1 AND e.entered <= (now() AT TIME ZONE d.time_zone)::date + 1
                GROUP BY d.time_zone
                """, [upload.dataset]
            ).first.map { try $0.get(0) }
        } else if upload.expect.freshDays != nil {
            facts.ageDays = try await connection.query(
                """
                SELECT (now() AT TIME ZONE d.time_zone)::date - max(e.day)
                FROM datasets d JOIN event_days e ON e.dataset = d.slug
                WHERE d.slug = $1 AND e.day <= (now() AT TIME ZONE d.time_zone)::date + 1
                GROUP BY d.time_zone
                """, [upload.dataset]
            ).first.map { try $0.get(0) }
        }
        return upload.expect.findings(facts)
    }

    /// Records the quality of a batch that ends.
    func record(
        _ judge: BatchJudge, _ findings: [QualityFinding], _ upload: Upload, batch: Int64,
        on connection: PostgresConnection
    ) async throws {
        try await Self.record(
            judge, batch: batch, isEnd: true, freshDays: upload.expect.freshDays,
            findings: try BatchFindings.text(findings), job: upload.job, sql: sql, on: connection)
    }

    /// - Parameters:
    ///   - isEnd: Whether these are all records of the batch, and not dead letters that were read again.
    ///   - findings: The findings as JSON; `nil` to leave them.
    static func record(
        _ judge: BatchJudge, batch: Int64, isEnd: Bool, freshDays: Int? = nil, findings: String? = nil,
        job: Int64? = nil, sql: SQLFiles, on connection: PostgresConnection
    ) async throws {
        let quality = judge.quality
        try await connection.query(
            sql[.batchQuality],
            [
                batch, isEnd, quality.fields, quality.blankFields, try JSONText.object(quality.blanksByColumn),
                judge.newest, judge.futureEvents, freshDays.map { Int32(clamping: $0) },
                try JSONText.object(quality.remedies.byName), findings, job,
            ])
    }
}

/// Findings in the form of `ingest_batches.findings`.
enum BatchFindings {
    private struct Entry: Codable {
        let check: String
        let column: String?
        let message: String
    }

    static func text(_ findings: [QualityFinding]) throws -> String {
        let entries = findings.map { Entry(check: $0.check.rawValue, column: $0.column, message: $0.message) }
        return try JSONText.text(entries)
    }

    /// The findings of a text. One of a check that only a newer version knows is left out.
    static func read(_ json: String) throws(PostgresError) -> [QualityFinding] {
        guard json != "[]" else { return [] }
        let entries: [Entry] = try JSONText.read(json)
        return entries.compactMap { entry in
            QualityFinding.Check(rawValue: entry.check).map {
                QualityFinding($0, column: entry.column, entry.message)
            }
        }
    }
}
