import Domain
import Feeds

/// The report of `hextant ingest --dry-run` on a file.
struct IngestDryRun: Encodable {
    struct Row: Encodable {
        let row: Int64
        let time: String
        let longitude: Double
        let latitude: Double
        let eventType: String
        let eventId: String?
        let attributes: String
    }

    struct Reject: Encodable {
        let reason: String
        let count: Int
        let line: Int64
        let raw: String
        let detail: String
    }

    /// The mapping's name or file; nil when the mapping was guessed and is in `proposal`.
    let mapping: String?
    let proposal: String?
    let compression: String
    let format: String
    let encoding: String
    let delimiter: String?
    let counts: IngestCounts
    let rejects: [Reject]
    let rows: [Row]
    /// The bounding box: west, south, east, north.
    let bounds: [Double]?
    let first: String?
    let last: String?

    /// - Parameters:
    ///   - mapping: The name or file that the user gave; nil to propose one.
    ///   - zone: The time zone of times without an offset, where the mapping names none.
    static func read(
        _ file: EventFile, mapping name: String?, places: String?, stated: Dialect, zone: String,
        builtInDirectory directory: String
    ) async throws -> IngestDryRun {
        guard let name else {
            let proposal = try MappingProposal(for: file, stated: stated, builtInDirectory: directory)
            if places != nil, let found = proposal.builtIn {
                return try await read(
                    file, mapping: found, places: places, stated: stated, zone: zone, builtInDirectory: directory)
            }
            let preview = try await IngestPreview(file, mapping: proposal.mapping, defaultZone: zone)
            return IngestDryRun(preview, mapping: proposal.builtIn, proposal: proposal.yaml)
        }
        var mapping = try Mapping.load(name, builtInDirectory: directory, places: places)
        mapping.dialect = mapping.dialect.stating(stated)
        let preview = try await IngestPreview(file, mapping: mapping, defaultZone: zone)
        return IngestDryRun(preview, mapping: name, proposal: nil)
    }

    private init(_ preview: IngestPreview, mapping: String?, proposal: String?) {
        self.mapping = mapping
        self.proposal = proposal
        compression = preview.compression.rawValue
        format = preview.dialect.format?.rawValue ?? "csv"
        encoding = preview.dialect.encoding?.name ?? "utf-8"
        delimiter = preview.dialect.delimiter.map { String(decoding: [$0], as: UTF8.self) }
        counts = preview.counts
        rejects = preview.examples.map { letter in
            Reject(
                reason: letter.reasonCode, count: preview.counts.rejects?.byReason[letter.reasonCode] ?? 0,
                line: letter.lineNumber, raw: String(letter.raw.prefix(200)), detail: letter.detail)
        }.sorted { ($1.count, $0.reason) < ($0.count, $1.reason) }
        rows = preview.rows.map { row in
            Row(
                row: row.rowNumber, time: row.timestamp.wholeSeconds.description, longitude: row.longitude,
                latitude: row.latitude,
                eventType: row.eventType, eventId: row.eventID.isEmpty ? nil : row.eventID, attributes: row.attributes)
        }
        bounds = preview.bounds.map { [$0.west, $0.south, $0.east, $0.north] }
        first = preview.period?.lowerBound.wholeSeconds.description
        last = preview.period?.upperBound.wholeSeconds.description
    }

    private enum CodingKeys: CodingKey {
        case mapping, proposal, compression, format, encoding, delimiter, received, accepted, rejected, filtered
        case rejects, rows, bounds, first, last, notes
    }

    func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encodeIfPresent(mapping, forKey: .mapping)
        try values.encodeIfPresent(proposal, forKey: .proposal)
        try values.encode(compression, forKey: .compression)
        try values.encode(format, forKey: .format)
        try values.encode(encoding, forKey: .encoding)
        try values.encodeIfPresent(delimiter, forKey: .delimiter)
        try values.encode(counts.received, forKey: .received)
        try values.encode(counts.accepted, forKey: .accepted)
        try values.encode(counts.rejected, forKey: .rejected)
        try values.encode(counts.filtered, forKey: .filtered)
        try values.encode(rejects, forKey: .rejects)
        try values.encode(rows, forKey: .rows)
        try values.encodeIfPresent(bounds, forKey: .bounds)
        try values.encodeIfPresent(first, forKey: .first)
        try values.encodeIfPresent(last, forKey: .last)
        try values.encode(counts.notes, forKey: .notes)
    }

    var summary: String {
        let separator = delimiter.map { ", separated by \($0 == "\t" ? "tab" : $0)" } ?? ""
        var lines = [
            "\(format), \(encoding)\(separator)\(compression == "none" ? "" : ", compressed with \(compression)")"
        ]
        lines.append(mapping.map { "Mapping: \($0)" } ?? "Proposed mapping:")
        if let proposal { lines.append(proposal) }
        lines.append(
            "Received \(counts.received), accepted \(counts.accepted), rejected \(counts.rejected), "
                + "filtered \(counts.filtered)")
        for reject in rejects {
            lines.append("  \(reject.count) \(reject.reason), first on line \(reject.line): \(reject.detail)")
        }
        for row in rows {
            lines.append(
                "  \(row.row)  \(row.time)  \(row.longitude) \(row.latitude)  \(row.eventType)"
                    + (row.eventId.map { "  \($0)" } ?? "") + "  \(row.attributes)")
        }
        if let bounds, let first, let last {
            lines.append("Bounds: \(bounds.map { String($0) }.joined(separator: ", ")); from \(first) to \(last)")
        }
        lines += counts.notes.map { "Note: \($0)" }
        lines.append("Nothing was stored.")
        return lines.joined(separator: "\n")
    }
}
