import ArgumentParser
import Domain
import Foundation
import Postgres
import Storage
import Work

struct DeadLettersCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dead-letters",
        abstract: "List and export records that could not be read, and read them again.",
        subcommands: [List.self, Export.self, Remediate.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "List the records that could not be read, with the reasons.")
        @OptionGroup var selection: Selection
        @Option(help: "How many are listed at most.") var limit = 100
        @OptionGroup var database: DatabaseOptions
        @OptionGroup var output: OutputOptions

        func validate() throws {
            guard limit > 0 else { throw ValidationError("--limit must be at least 1") }
        }

        func run() async throws {
            var lines: [Line] = []
            try await selection.forEach(database, limit: limit) { lines.append(Line($0)) }
            let summary = lines.map {
                "batch \($0.batch) line \($0.lineNumber)  \($0.reason)  \($0.detail)"
                    + ($0.remediatedAt == nil ? "" : "  (remediated)")
            }
            try output.print(
                ["dead_letters": lines],
                summary: lines.isEmpty ? "There are no dead letters" : summary.joined(separator: "\n"))
        }
    }

    struct Export: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "export",
            abstract:
                "Write dead letters to standard output, one JSON object per line, with the text of the records.")
        @OptionGroup var selection: Selection
        @OptionGroup var database: DatabaseOptions

        func run() async throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            encoder.keyEncodingStrategy = .convertToSnakeCase
            try await selection.forEach(database) { letter in
                FileHandle.standardOutput.write(try encoder.encode(Line(letter)) + Data("\n".utf8))
            }
        }
    }

    struct Remediate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "remediate",
            abstract: "Read the dead letters of a batch or dataset again.",
            discussion:
                """
                Records that can be read now become events of their batch and are marked; the others do not change. \
                The options --format, --encoding, --delimiter and --decimal of the ingest apply again unless given \
                here. \
                With --dataset, all its batches with open dead letters are read, each with its own mapping unless \
                another is given.
                """)
        @Option(help: "Number of the batch.") var batch: Int64?
        @Option(help: "Slug of a dataset, for all its batches.", transform: Slug.argument) var dataset: Slug?
        @Option(help: "The mapping of the columns: a built-in name or a YAML file.") var mapping: String?
        @Option(help: "Only dead letters with this reason.") var reason: String?
        @Option(help: "CSV file with the coordinates of places, for a mapping with place names.") var places: String?
        @OptionGroup var dialect: DialectOptions
        @OptionGroup var database: DatabaseOptions
        @OptionGroup var output: OutputOptions

        private struct Outcome: Encodable {
            let batch: Int64
            let examined: Int
            let remediated: Int
            let accepted: Int
            let remedies: [String: Int]
        }

        private struct Sum: Encodable {
            let dataset: String
            let batches: Int
            let examined: Int
            let remediated: Int
            let accepted: Int
            let remedies: [String: Int]
            let problems: [String]
        }

        func validate() throws {
            guard (batch == nil) != (dataset == nil) else { throw ValidationError("give either --batch or --dataset") }
            if batch != nil, mapping == nil { throw ValidationError("--batch needs --mapping") }
            if dataset != nil, places != nil { throw ValidationError("--places goes with --batch") }
        }

        func run() async throws {
            let installation = try Installation.find()
            let ingest = FileIngest(
                try database.postgres(), sql: try installation.sql(), mappings: installation.mappings)
            if let dataset { return try await readAll(of: dataset, ingest) }
            guard let batch, let mapping else { throw ValidationError("--batch and --mapping are missing") }
            let done = try await ingest.readAgain(
                batch: batch, mapping: mapping, places: places, dialect: try dialect.dialect(), reason: reason)
            try output.print(
                Outcome(
                    batch: done.batch, examined: done.examined, remediated: done.remediated, accepted: done.accepted,
                    remedies: done.remedies.byName),
                summary:
                    "Batch \(done.batch): read \(done.examined) dead letters again, \(done.remediated) could be read, "
                    + "\(done.accepted) became events")
        }

        private func readAll(of dataset: Slug, _ ingest: FileIngest) async throws {
            let order = RemediationOrder(dataset: dataset, mapping: mapping, reason: reason)
            let line = ProgressLine()
            let done = try await ingest.readAgain(order) { line.show(share: 0, count: Int64($0), of: "batches") }
            line.finish()
            for problem in done.problems {
                FileHandle.standardError.write(Data("hextant: warning: \(problem)\n".utf8))
            }
            try output.print(
                Sum(
                    dataset: dataset.text, batches: done.batches, examined: done.examined,
                    remediated: done.remediated, accepted: done.accepted, remedies: done.remedies.byName,
                    problems: done.problems),
                summary:
                    "\(dataset): read \(done.examined) dead letters of \(done.batches) batches again, "
                    + "\(done.remediated) could be read, \(done.accepted) became events")
        }
    }

    /// The options that select dead letters.
    struct Selection: ParsableArguments {
        @Option(help: "Slug of the dataset.", transform: Slug.argument) var dataset: Slug?
        @Option(help: "Number of the batch.") var batch: Int64?
        @Option(help: "Only dead letters with this reason.") var reason: String?
        @Flag(help: "Include those that became events in the meantime.") var all = false

        /// Calls a closure for the first `limit` letters, one after the other, with only a page of them in memory.
        func forEach(
            _ database: DatabaseOptions, limit: Int = .max, _ take: (StoredDeadLetter) throws -> Void
        ) async throws {
            let sql = try Installation.find().sql()
            let connection = try await PostgresConnection(try database.postgres())
            do {
                let records = IngestRecords(connection, sql: sql)
                let query = DeadLetterQuery(dataset: dataset, batch: batch, reason: reason, includesRemediated: all)
                var left = limit
                var after: Int64?
                repeat {
                    let page = try await records.deadLetters(query, PageRequest(after: after, limit: min(left, 1000)))
                    for letter in page.rows { try take(letter) }
                    left -= page.rows.count
                    after = page.next
                } while left > 0 && after != nil
                await connection.close()
            } catch {
                await connection.close()
                throw error
            }
        }
    }

    private struct Line: Encodable {
        let id: Int64
        let batch: Int64
        let dataset: String
        let rowNumber: Int64
        let lineNumber: Int64
        let reason: String
        let detail: String
        let raw: String
        let remediatedAt: String?

        init(_ stored: StoredDeadLetter) {
            id = stored.id
            batch = stored.batch
            dataset = stored.dataset.text
            rowNumber = stored.letter.rowNumber
            lineNumber = stored.letter.lineNumber
            reason = stored.letter.reasonCode
            detail = stored.letter.detail
            raw = stored.letter.raw
            remediatedAt = stored.remediated?.wholeSeconds.description
        }
    }
}
