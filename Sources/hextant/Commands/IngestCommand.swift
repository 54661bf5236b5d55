import ArgumentParser
import Feeds
import Postgres
import Risk
import Storage

struct IngestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ingest",
        abstract: "Read a file of events into a dataset.",
        discussion: """
            The file is one batch: all of it is stored, or nothing. Records that cannot be read become dead letters with \
            their line and a reason. The same file again adds nothing.
            """)

    @Argument(help: "CSV file in UTF-8.")
    var file: String

    @Option(help: "Slug of the dataset.")
    var dataset: String

    @Option(help: "What the columns mean: a built-in name or a YAML file.")
    var mapping = "canonical"

    @OptionGroup var database: DatabaseOptions
    @OptionGroup var output: OutputOptions

    private struct Outcome: Encodable {
        let batch: Int64
        let received: Int64
        let accepted: Int64
        let duplicate: Int64
        let rejected: Int64
        let rejectedByReason: [String: Int64]
        let seconds: Double
    }

    func run() async throws {
        let began = ContinuousClock.now
        let installation = try Installation.find()
        let options = try database.postgres()
        let sql = try installation.sql()
        let mapping = try Mapping.load(mapping, builtInDirectory: installation.mappings)
        let target = try await PostgresConnection.withSession(options) { connection in
            try await DatasetStore(connection, sql: sql).dataset(dataset)
        }
        let file = try EventFile(path: file)
        let pipeline = try IngestPipeline(mapping: mapping, defaultZone: target.timeZone)
        let upload = IngestStore.Upload(
            dataset: dataset, source: self.file, sha256: try file.sha256(), mapping: self.mapping)

        let line = ProgressLine()
        let reasons = ReasonTally()
        let batch = try await IngestStore(options, sql: sql).ingest(upload) { writer in
            let counts = try await pipeline.ingest(file, into: writer) { progress in
                let share = progress.bytesTotal > 0 ? Double(progress.bytesRead) / Double(progress.bytesTotal) : 1
                line.show(share: share, count: progress.received, of: "rows")
            }
            await reasons.take(counts.rejectedByReason)
        }
        line.finish()
        let outcome = Outcome(
            batch: batch.batch, received: batch.received, accepted: batch.accepted, duplicate: batch.duplicate,
            rejected: batch.rejected, rejectedByReason: await reasons.tally,
            seconds: (ContinuousClock.now - began).seconds.rounded(to: 3))
        try output.print(outcome, summary: summary(outcome))
    }

    private func summary(_ outcome: Outcome) -> String {
        let reasons = outcome.rejectedByReason.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
            .map { "\($0.value) \($0.key)" }.joined(separator: ", ")
        let rate = outcome.seconds > 0 ? Int(Double(outcome.received) / outcome.seconds) : 0
        return """
            Batch \(outcome.batch): received \(outcome.received), accepted \(outcome.accepted), \
            duplicate \(outcome.duplicate), rejected \(outcome.rejected)\(reasons.isEmpty ? "" : " (\(reasons))") \
            in \(outcome.seconds) s, \(rate) rows/s
            """
    }
}

/// Carries the reasons out of the transaction's closure.
private actor ReasonTally {
    private(set) var tally: [String: Int64] = [:]

    func take(_ tally: [String: Int64]) { self.tally = tally }
}
