import ArgumentParser
import Domain
import Feeds
import Foundation
import Postgres
import Storage
import Work

struct IngestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ingest",
        abstract: "Read a file of events into a dataset.",
        discussion: """
            Each file is one batch. If reading it fails, nothing is stored. Records that cannot be read become dead \
            letters with their line and a reason. Ingesting a file again, however it is packed, adds only what an \
            interrupted run missed. The file may be plain, gzip or zip; its encoding and delimiter are detected. A \
            pipe is copied to the folder for temporary files (TMPDIR) first.
            """)

    @Argument(help: "The file with events: CSV, JSON, GeoJSON, XLSX or GeoPackage; - reads standard input.")
    var file: String

    @Option(help: "Slug of the dataset; not needed with --dry-run.", transform: Slug.argument)
    var dataset: Slug?

    @Option(
        help: """
            The mapping of the columns: a built-in name or a YAML file. Default: canonical; with --dry-run, a mapping \
            guessed from the header and the first values.
            """)
    var mapping: String?

    @Option(help: "CSV file with place, longitude and latitude, for a mapping with place names.")
    var places: String?

    @Option(help: "The file to read in a zip archive; * and ? stand for other characters. Default: all that fit.")
    var member: String?

    @Option(help: "The sheet to read in an Excel workbook (XLSX). Default: the first.")
    var sheet: String?

    @Option(help: "The layer to read in a GeoPackage. Default: the only one with points.")
    var layer: String?

    @Flag(help: "Succeed even if none of the records is accepted.")
    var allowEmpty = false

    @Flag(help: "Show the mapping, ten events, rejected records and the bounding box, without storing anything.")
    var dryRun = false

    @Option(help: "With --dry-run, write the proposed mapping to this new file.")
    var writeMapping: String?
    @Flag(help: "Then score the days that changed, refresh, and say what is served.")
    var publish = false

    @OptionGroup var dialect: DialectOptions
    @OptionGroup var letters: LetterOptions

    @OptionGroup var database: DatabaseOptions
    @OptionGroup var output: OutputOptions

    private struct Outcome: Encodable {
        let batch: Int64
        let counts: IngestCounts
        let seconds: Double
        /// Guesses and doubts about the file, and what was left out of it, in sentences.
        let warnings: [String]
        let findings: [Finding]
        let remedies: [String: Int]
        var published: Publication.Outcome?
        /// The commands that make the events visible.
        var next: [String]?

        private enum CodingKeys: CodingKey {
            case batch, received, accepted, duplicate, rejected, filtered, rejectedByReason, deadLettersOmitted, seconds
            case warnings, findings, remedies, published, next
        }

        func encode(to encoder: any Encoder) throws {
            var values = encoder.container(keyedBy: CodingKeys.self)
            try values.encode(batch, forKey: .batch)
            try values.encode(counts.received, forKey: .received)
            try values.encode(counts.accepted, forKey: .accepted)
            try values.encode(counts.duplicate, forKey: .duplicate)
            try values.encode(counts.rejected, forKey: .rejected)
            try values.encode(counts.filtered, forKey: .filtered)
            try values.encode(counts.rejects?.byReason, forKey: .rejectedByReason)
            try values.encode(counts.deadLettersOmitted, forKey: .deadLettersOmitted)
            try values.encode(seconds, forKey: .seconds)
            try values.encode(warnings, forKey: .warnings)
            try values.encode(findings, forKey: .findings)
            try values.encode(remedies, forKey: .remedies)
            try values.encodeIfPresent(published, forKey: .published)
            try values.encodeIfPresent(next, forKey: .next)
        }
    }

    /// Something about the batch that is not as expected.
    private struct Finding: Encodable, CustomStringConvertible {
        let check: String
        let column: String?
        let message: String

        init(_ finding: QualityFinding) {
            check = finding.check.rawValue
            column = finding.column
            message = finding.message
        }

        var description: String { column.map { "column \"\($0)\": \(message)" } ?? message }
    }

    func validate() throws {
        if publish, dryRun { throw ValidationError("give --publish or --dry-run, not both") }
        if dataset == nil, !dryRun { throw ValidationError("give the dataset with --dataset, or use --dry-run") }
        if writeMapping != nil, !dryRun || mapping != nil {
            throw ValidationError("--write-mapping goes with --dry-run, and without --mapping")
        }
    }

    func run() async throws {
        let input = try InputFile(file)
        guard let dataset, !dryRun else { return try await showDryRun(input) }
        let began = ContinuousClock.now
        let installation = try Installation.find()
        let options = try database.postgres()
        let allowance = try letters.allowance(try database.settings())
        let sql = try installation.sql()
        let upload = FileUpload(
            dataset: dataset, mapping: mapping ?? "canonical", places: places, dialect: dialect.words,
            path: input.path, member: member, sheet: sheet, layer: layer, source: input.name)
        let opened = try await FileIngest(
            options, sql: sql, mappings: installation.mappings, letters: allowance
        ).open(upload)
        if publish, opened.makes == .expenditures {
            throw ValidationError("--publish scores events; expenditures are served as soon as they are stored")
        }
        let line = ProgressLine()
        let publication = try await publish ? Publication(of: dataset, options, sql: sql) : nil
        let batch = try await audited("ingest", target: dataset.text, options, sql) {
            let written = try await opened.write { progress in
                let share = progress.bytesTotal > 0 ? Double(progress.bytesRead) / Double(progress.bytesTotal) : 1
                line.show(share: share, count: progress.received, of: "rows")
            }
            // Only an upload with a key can be an earlier one.
            guard case .new(let batch) = written else {
                throw StorageError(.repeated, "the file was stored before")
            }
            let counts = batch.counts
            let told = "batch \(batch.batch), \(counts.accepted) of \(counts.received) records accepted"
            return (batch, told)
        }
        line.finish()
        let counts = batch.counts
        var outcome = Outcome(
            batch: batch.batch, counts: counts, seconds: (ContinuousClock.now - began).inSeconds.rounded(to: 3),
            warnings: batch.warnings, findings: batch.findings.map(Finding.init), remedies: batch.remedies.byName)
        for warning in batch.warnings { FileHandle.standardError.write(Data("hextant: warning: \(warning)\n".utf8)) }
        for finding in outcome.findings {
            FileHandle.standardError.write(Data("hextant: not as expected: \(finding)\n".utf8))
        }
        let isEmpty = counts.rejected > 0 && counts.accepted + counts.duplicate == 0
        guard let publication, !isEmpty else {
            let isScored = counts.accepted > 0 && opened.makes == .events
            outcome.next = isScored ? ["hextant score --dataset \(dataset)", "hextant refresh"] : nil
            let next =
                outcome.next.map { "\nNext: \($0.joined(separator: ", then ")); `hextant ingest --publish` does both" }
            try output.print(outcome, summary: summary(outcome) + (next ?? ""))
            if isEmpty, !allowEmpty { throw NothingAccepted(rejected: counts.rejected) }
            return
        }
        // The batch is stored, whatever becomes of the rest.
        if !output.json { print(summary(outcome)) }
        do {
            outcome.published = try await publication.publish(line)
            line.finish()
        } catch {
            line.finish()
            if output.json { try output.print(outcome, summary: "") }
            throw error
        }
        try output.print(outcome, summary: outcome.published?.summary ?? "")
    }

    /// Shows a dry run, which needs no database, unless the mapping places events by areas. Times without an
    /// offset are in the mapping's zone, or in UTC.
    private func showDryRun(_ input: InputFile) async throws {
        let installation = try Installation.find()
        let file = try EventFile(
            path: input.path, name: input.name, member: member, sheet: sheet, layer: layer)
        let outcome = try await IngestDryRun.read(
            file, mapping: mapping, places: places, stated: try dialect.dialect(), zone: "UTC",
            builtInDirectory: installation.mappings, writeMapping: writeMapping
        ) { mapping in try await readAreas(&mapping, installation) }
        try output.print(outcome, summary: outcome.summary)
        guard outcome.missing.isEmpty else { throw ExitStatus.badData }
        guard !outcome.acceptsNothing || allowEmpty else {
            throw NothingAccepted(rejected: outcome.counts?.rejected ?? 0, isDryRun: true)
        }
    }

    /// Reads the areas that a mapping places events by. One that can do without them does so if there is no database.
    private func readAreas(_ mapping: inout Mapping, _ installation: Installation) async throws {
        guard mapping.areaLayer != nil else { return }
        let ingest = FileIngest(
            try database.postgres(), sql: try installation.sql(), mappings: installation.mappings)
        do {
            try await ingest.readAreas(&mapping)
        } catch let error as PostgresError {
            guard mapping.mayLackAreas, error.code == .connection || error.sqlState == "42P01" else { throw error }
        }
    }

    private func summary(_ outcome: Outcome) -> String {
        let counts = outcome.counts
        let reasons = counts.rejects?.summary ?? ""
        let omitted =
            counts.deadLettersOmitted == 0 ? "" : "; \(counts.deadLettersOmitted) of them without a dead letter"
        let rate = outcome.seconds > 0 ? Int(Double(counts.received) / outcome.seconds) : 0
        return """
            Batch \(outcome.batch): received \(counts.received), accepted \(counts.accepted), \
            duplicate \(counts.duplicate), \
            rejected \(counts.rejected)\(reasons.isEmpty ? "" : " (\(reasons)\(omitted))")\
            \(counts.filtered == 0 ? "" : ", filtered \(counts.filtered)") \
            in \(outcome.seconds) s, \(rate) rows/s
            """
    }
}
