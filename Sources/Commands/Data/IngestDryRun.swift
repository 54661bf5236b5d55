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

    /// A payment of a file of expenditures.
    struct Payment: Encodable {
        let row: Int64
        let entered: String?
        let fiscalYear: Int?
        let vendor: String?
        let department: String?
        let account: String?
        let accountDescription: String?
        let organisation: String?
        /// The amount with two decimals, as a text, so that no reader rounds it.
        let amount: String

        var line: String {
            let texts = [entered, fiscalYear.map { "FY\($0)" }, vendor, department, accountDescription ?? account]
            return ([String(row), amount] + texts.compactMap { $0 }).joined(separator: "  ")
        }
    }

    struct Reject: Encodable {
        let reason: String
        let count: Int
        let line: Int64
        let raw: String
        let detail: String
    }

    /// The mapping's name or file; nil when the mapping was guessed and is in `proposal`.
    var mapping: String?
    var proposal: String?
    /// The keys that could not be guessed; then nothing was read, and the proposal has lines that say TODO.
    var missing: [String] = []
    /// Guesses and doubts, in sentences.
    var notes: [String] = []
    /// Where the proposal was written.
    var written: String?
    let compression: String
    let format: String
    let encoding: String
    let delimiter: String?
    /// The counts of the file; nil when nothing was read.
    var counts: IngestCounts?
    var rejects: [Reject] = []
    var rows: [Row] = []
    var payments: [Payment] = []
    /// The bounding box: west, south, east, north.
    var bounds: [Double]?
    var first: String?
    var last: String?

    /// - Parameters:
    ///   - name: The name or file of the mapping that the user gave; nil to propose one.
    ///   - zone: The time zone of times without an offset, where the mapping names none.
    ///   - target: Where to write the proposal; a file that is there already is refused.
    ///   - areas: Gives a mapping the areas that it places events by.
    /// - Throws: `FeedError` for a file or mapping that cannot be used, or a proposal that cannot be written.
    static func read(
        _ file: EventFile, mapping name: String?, places: String?, stated: Dialect, zone: String,
        builtInDirectory directory: String, writeMapping target: String? = nil,
        areas: (inout Mapping) async throws -> Void
    ) async throws -> IngestDryRun {
        var report: IngestDryRun
        if let name {
            var mapping = try Mapping.load(name, builtInDirectory: directory, places: places)
            mapping.dialect = mapping.dialect.stating(stated)
            try await areas(&mapping)
            report = IngestDryRun(try await IngestPreview(file, mapping: mapping, defaultZone: zone))
            report.mapping = name
            return report
        }
        let proposal = try MappingProposal(for: file, stated: stated, builtInDirectory: directory)
        if var mapping = proposal.mapping {
            if places != nil, let found = proposal.builtIn {
                mapping = try Mapping.load(found, builtInDirectory: directory, places: places)
                mapping.dialect = mapping.dialect.stating(stated)
            }
            try await areas(&mapping)
            report = IngestDryRun(try await IngestPreview(file, mapping: mapping, defaultZone: zone))
        } else {
            report = IngestDryRun(dialect: proposal.dialect, compression: proposal.compression)
        }
        report.mapping = proposal.builtIn
        report.proposal = proposal.builtIn == nil ? proposal.yaml : nil
        report.missing = proposal.missing
        report.notes = proposal.notes + report.notes
        if let target {
            try MappingFile.write(proposal.yaml, to: target)
            report.written = target
        }
        return report
    }

    /// Whether the file has records, and every one of them would be rejected.
    var acceptsNothing: Bool { counts.map { $0.rejected > 0 && $0.accepted == 0 } ?? false }

    private init(dialect: Dialect, compression: Compression) {
        self.compression = compression.rawValue
        format = dialect.format?.rawValue ?? "csv"
        encoding = dialect.encoding?.name ?? "utf-8"
        // Nobody sees the delimiter of the text that is made of a sheet.
        delimiter = dialect.format == .xlsx ? nil : dialect.delimiter.map { String(decoding: [$0], as: UTF8.self) }
    }

    private init(_ preview: IngestPreview) {
        self.init(dialect: preview.dialect, compression: preview.compression)
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
        payments = preview.payments.map { row, fields in
            Payment(
                row: row, entered: fields.entered?.description, fiscalYear: fields.fiscalYear, vendor: fields.vendor,
                department: fields.department, account: fields.account, accountDescription: fields.accountDescription,
                organisation: fields.organisation, amount: fields.amount.description)
        }
        bounds = preview.bounds.map { [$0.west, $0.south, $0.east, $0.north] }
        first = preview.period?.lowerBound.wholeSeconds.description
        last = preview.period?.upperBound.wholeSeconds.description
        notes = preview.notes.sentences
        if preview.repeatedIDs > 0 {
            notes.append(
                "\(preview.repeatedIDs) events have the id of an earlier one, which they would replace: is "
                    + "event_id.column an id?")
        }
    }

    private enum CodingKeys: CodingKey {
        case mapping, proposal, missing, notes, written, compression, format, encoding, delimiter
        case received, accepted, rejected, filtered, rejects, rows, payments, bounds, first, last
    }

    func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encodeIfPresent(mapping, forKey: .mapping)
        try values.encodeIfPresent(proposal, forKey: .proposal)
        try values.encode(missing, forKey: .missing)
        try values.encode(notes, forKey: .notes)
        try values.encodeIfPresent(written, forKey: .written)
        try values.encode(compression, forKey: .compression)
        try values.encode(format, forKey: .format)
        try values.encode(encoding, forKey: .encoding)
        try values.encodeIfPresent(delimiter, forKey: .delimiter)
        try values.encodeIfPresent(counts?.received, forKey: .received)
        try values.encodeIfPresent(counts?.accepted, forKey: .accepted)
        try values.encodeIfPresent(counts?.rejected, forKey: .rejected)
        try values.encodeIfPresent(counts?.filtered, forKey: .filtered)
        try values.encode(rejects, forKey: .rejects)
        try values.encode(rows, forKey: .rows)
        if !payments.isEmpty { try values.encode(payments, forKey: .payments) }
        try values.encodeIfPresent(bounds, forKey: .bounds)
        try values.encodeIfPresent(first, forKey: .first)
        try values.encodeIfPresent(last, forKey: .last)
    }

    var summary: String {
        let separator = delimiter.map { ", separated by \($0 == "\t" ? "tab" : $0)" } ?? ""
        var lines = [
            "\(format), \(encoding)\(separator)\(compression == "none" ? "" : ", compressed with \(compression)")"
        ]
        lines.append(
            mapping.map { "Mapping: \($0)" }
                ?? (missing.isEmpty ? "Proposed mapping:" : "Proposed mapping, to be completed where it says TODO:"))
        if let proposal { lines.append(proposal) }
        lines += notes.map { "Note: \($0)" }
        if let counts {
            lines.append(
                "Received \(counts.received), accepted \(counts.accepted), rejected \(counts.rejected), "
                    + "filtered \(counts.filtered)")
        }
        for reject in rejects {
            lines.append("  \(reject.count) \(reject.reason), first on line \(reject.line): \(reject.detail)")
        }
        for row in rows {
            lines.append(
                "  \(row.row)  \(row.time)  \(row.longitude) \(row.latitude)  \(row.eventType)"
                    + (row.eventId.map { "  \($0)" } ?? "") + "  \(row.attributes)")
        }
        for payment in payments { lines.append("  \(payment.line)") }
        if let bounds, let first, let last {
            lines.append("Bounds: \(bounds.map { String($0) }.joined(separator: ", ")); from \(first) to \(last)")
        }
        if let written { lines.append("The mapping was written to \(written): --mapping \(Self.argument(written))") }
        if acceptsNothing { lines.append("None of the records would be accepted: the file or the mapping is wrong.") }
        lines.append("Nothing was stored.")
        return lines.joined(separator: "\n")
    }

    /// The path of a mapping as `--mapping` takes it: without a slash and `.yaml` it would be the name of a built-in
    /// one.
    private static func argument(_ path: String) -> String {
        path.contains("/") || path.hasSuffix(".yaml") || path.hasSuffix(".yml") ? path : "./\(path)"
    }
}
