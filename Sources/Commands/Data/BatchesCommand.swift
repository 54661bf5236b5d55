import Accounts
import ArgumentParser
import Domain
import Foundation
import Postgres
import Storage

struct BatchesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "batches", abstract: "List ingested files, and take one back.",
        subcommands: [List.self, Delete.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "List batches with their counts, the newest first.")
        @Option(help: "Slug of the dataset.", transform: Slug.argument) var dataset: Slug?
        @Option(help: "How many are listed at most, 1 to 1000.") var limit = 20
        @OptionGroup var database: DatabaseOptions
        @OptionGroup var output: OutputOptions

        private struct Line: Encodable {
            let batch: Int64
            let dataset: String
            let source: String
            let mapping: String
            let state: String
            let received: Int
            let accepted: Int
            let duplicate: Int
            let rejected: Int
            let filtered: Int
            let error: String?
            let startedAt: String
            let finishedAt: String?
        }

        func validate() throws { try ListLimit.check(limit) }

        func run() async throws {
            let sql = try Installation.find().sql()
            let batches = try await PostgresConnection.withConnection(try database.postgres()) { connection in
                if let dataset { _ = try await DatasetStore(connection, sql: sql).dataset(dataset) }
                return try await IngestRecords(connection, sql: sql).batches(of: dataset, PageRequest(limit: limit))
                    .rows
            }
            let lines = batches.map { batch in
                Line(
                    batch: batch.id, dataset: batch.dataset.text, source: batch.source, mapping: batch.mapping,
                    state: batch.state, received: batch.counts.received, accepted: batch.counts.accepted,
                    duplicate: batch.counts.duplicate, rejected: batch.counts.rejected,
                    filtered: batch.counts.filtered, error: batch.error,
                    startedAt: batch.started.wholeSeconds.description,
                    finishedAt: batch.finished?.wholeSeconds.description)
            }
            let summary = lines.map { line in
                "\(line.batch)  \(line.startedAt)  \(line.dataset)  \(line.state)  "
                    + "accepted \(line.accepted) of \(line.received), duplicate \(line.duplicate), "
                    + "rejected \(line.rejected)  \(line.source)\(line.error.map { "  (\($0))" } ?? "")"
            }
            try output.print(
                ["batches": lines], summary: lines.isEmpty ? "There are no batches" : summary.joined(separator: "\n"))
        }
    }

    struct Delete: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "delete",
            abstract: "Take a batch back: delete its events and dead letters, and score its days again.",
            discussion: """
                Everything is deleted in one transaction, which also queues the run that scores the days and \
                refreshes; a worker does it. Events that the batch replaced are not restored: ingest their file again.
                """)
        @Argument(help: "Number of the batch.") var batch: Int64
        @Option(help: "The number again, to confirm.") var confirm: Int64
        @OptionGroup var database: DatabaseOptions
        @OptionGroup var output: OutputOptions

        private struct Outcome: Encodable {
            let batch: Int64
            let dataset: String
            let events: Int
            let deadLetters: Int
            let run: Int64?
        }

        func validate() throws {
            guard confirm == batch else { throw ValidationError("--confirm must be the number of the batch") }
        }

        func run() async throws {
            let options = try database.postgres()
            let sql = try Installation.find().sql()
            let deleted: DeletedBatch
            do {
                deleted = try await BatchDeletion(options, sql: sql).delete(batch) { deleted in
                    AuditEntry(
                        actor: "command", action: "batches delete", target: "\(deleted.batch)", outcome: .done,
                        detail: "\(deleted.events) events of \(deleted.dataset), \(deleted.deadLetters) dead letters")
                }
            } catch {
                let failed = AuditEntry(
                    actor: "command", action: "batches delete", target: "\(batch)", outcome: .failed,
                    detail: String("\(error)".prefix(512)))
                // The database itself may have failed. Its first error is the one to report.
                try? await PostgresConnection.withConnection(options) {
                    try await AuditStore($0, sql: sql).record([failed])
                }
                throw error
            }
            let next =
                deleted.run.map { "\nRun \($0) scores its days again and refreshes; `hextant runs list` shows it" }
                ?? ""
            try output.print(
                Outcome(
                    batch: deleted.batch, dataset: deleted.dataset.text, events: deleted.events,
                    deadLetters: deleted.deadLetters, run: deleted.run),
                summary: "Deleted batch \(deleted.batch) of \(deleted.dataset): \(deleted.events) events, "
                    + "\(deleted.deadLetters) dead letters\(next)")
        }
    }
}

/// The limit of a list that a command prints.
enum ListLimit {
    static func check(_ limit: Int) throws {
        guard (1...1000).contains(limit) else { throw ValidationError("--limit must be 1 to 1000") }
    }
}
