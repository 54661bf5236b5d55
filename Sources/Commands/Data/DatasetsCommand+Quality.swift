import ArgumentParser
import Domain
import Postgres
import Storage

extension DatasetsCommand {
    struct Quality: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "quality",
            abstract: "Show how complete, valid and timely the records of a dataset are, and what is not as expected.")
        @Argument(help: "Slug of the dataset.", transform: Slug.argument) var dataset: Slug
        @OptionGroup var database: DatabaseOptions
        @OptionGroup var output: OutputOptions

        private struct Scores: Encodable {
            let completeness: Double?
            let validity: Double?
            let timeliness: Double?
            let received: Int
            let rejected: Int
            let fields: Int?
            let blankFields: Int?
            let ageDays: Double?
            let freshDays: Int

            init(_ scores: QualityScores) {
                completeness = scores.completeness.map { ($0 * 1e6).rounded() / 1e6 }
                validity = scores.validity.map { ($0 * 1e6).rounded() / 1e6 }
                timeliness = scores.timeliness.map { ($0 * 1e6).rounded() / 1e6 }
                received = scores.received
                rejected = scores.rejected
                fields = scores.fields
                blankFields = scores.blankFields
                ageDays = scores.ageDays.map { ($0 * 1e6).rounded() / 1e6 }
                freshDays = scores.freshDays
            }
        }

        private struct Finding: Encodable {
            let batch: Int64
            let foundAt: String
            let check: String
            let column: String?
            let message: String
        }

        private struct Batch: Encodable {
            let batch: Int64
            let state: String
            let finishedAt: String?
            let scores: Scores?
            let findings: Int
        }

        private struct Month: Encodable {
            let month: String
            let batches: Int
            let findings: Int
            let scores: Scores
        }

        private struct Outcome: Encodable {
            let dataset: String
            let batchCount: Int
            let scores: Scores
            let newestEvent: String?
            let rejectedByReason: [String: Int]
            let blankByColumn: [String: Int]
            let remedies: [String: Int]
            let findings: [Finding]
            let batches: [Batch]
            let trend: [Month]
        }

        func run() async throws {
            let sql = try Installation.find().sql()
            let found = try await PostgresConnection.withConnection(try database.postgres()) { connection in
                _ = try await DatasetStore(connection, sql: sql).dataset(dataset)
                return try await QualityStore(connection, sql: sql).quality(of: dataset)
            }
            let outcome = Outcome(
                dataset: dataset.text, batchCount: found.batchCount, scores: Scores(found.scores),
                newestEvent: found.newestEvent?.wholeSeconds.description,
                rejectedByReason: found.rejects.byReason, blankByColumn: found.blanks,
                remedies: found.remedies.byName,
                findings: found.findings.map {
                    Finding(
                        batch: $0.batch, foundAt: $0.found.wholeSeconds.description, check: $0.finding.check.rawValue,
                        column: $0.finding.column, message: $0.finding.message)
                },
                batches: found.batches.map {
                    Batch(
                        batch: $0.id, state: $0.state, finishedAt: $0.finished?.wholeSeconds.description,
                        scores: $0.quality.map { Scores($0.scores) }, findings: $0.quality?.findings.count ?? 0)
                },
                trend: found.trend.map {
                    Month(month: $0.month, batches: $0.batches, findings: $0.findings, scores: Scores($0.scores))
                })
            try output.print(outcome, summary: Self.summary(found).joined(separator: "\n"))
        }

        private static func summary(_ found: DatasetQuality) -> [String] {
            guard found.batchCount > 0 else { return ["No batch of the dataset has finished"] }
            let scores = found.scores
            let blank = scores.blankFields.map { "\($0) of \(scores.fields ?? 0) fields blank" } ?? "not counted"
            let age = scores.ageDays.map { "newest event \(Int($0)) days old, \(scores.freshDays) expected" }
            var lines = [
                "completeness  \(percent(scores.completeness))  \(blank)",
                "validity      \(percent(scores.validity))  \(scores.rejected) of \(scores.received) records rejected"
                    + (found.rejects.summary.isEmpty ? "" : " (\(found.rejects.summary))"),
                "timeliness    \(percent(scores.timeliness))  \(age ?? "no events")",
                "These are the last \(found.batchCount) batches.",
            ]
            for (name, count) in found.remedies.byName.sorted(by: { $0.key < $1.key }) {
                lines.append("\(name): mended \(count) records")
            }
            lines += found.findings.prefix(20).map { finding in
                let column = finding.finding.column.map { "column \($0): " } ?? ""
                return "batch \(finding.batch)  \(finding.finding.check.rawValue)  \(column)\(finding.finding.message)"
            }
            return lines
        }

        private static func percent(_ share: Double?) -> String {
            guard let share else { return "     -" }
            let text = "\((share * 1000).rounded() / 10) %"
            return String(repeating: " ", count: max(0, 7 - text.count)) + text
        }
    }
}
