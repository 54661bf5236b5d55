import ArgumentParser
import Domain
import Postgres
import Storage

struct ScoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "score",
        abstract: "Score a dataset's cells by day.",
        discussion: """
            Only the events of days that changed are binned again; the result is that of a full run. Earlier scores of \
            the period are replaced. Run `hextant refresh` to serve the new ones.
            """)

    @Option(help: "Slug of the dataset.", transform: Slug.argument)
    var dataset: Slug

    @Option(
        parsing: .upToNextOption,
        help: "H3 resolutions, 0 to 15, one or more. Default: those of the dataset.")
    var resolution: [Int] = []

    @Option(help: "First day, YYYY-MM-DD, in the dataset's time zone. Default: the day of the first event.")
    var from: String?

    @Option(help: "Last day, YYYY-MM-DD. Default: the day of the last event.")
    var to: String?

    @Option(help: "How risks become scores: minmax or percentile.")
    var normalization = "minmax"

    @Flag(help: "Bin every event again, including those of unchanged days.")
    var full = false

    @OptionGroup var database: DatabaseOptions
    @OptionGroup var output: OutputOptions

    private struct Outcome: Encodable {
        let run: Int64
        let dataset: String
        let from: String?
        let to: String?
        let events: Int
        let rows: Int
        let resolutions: [Resolution]
        /// Resolutions that were scored although the dataset does not name them.
        let notServed: [Int]
        let seconds: Double

        struct Resolution: Encodable {
            let resolution: Int
            let rows: Int
            let seconds: Double
        }
    }

    private struct Scored: Sendable {
        let run: ScoringRun.Outcome
        let target: Dataset
    }

    func validate() throws {
        guard resolution.allSatisfy((0...15).contains) else {
            throw ValidationError("--resolution must be 0 to 15")
        }
        let days = try [from, to].map { text in try text.map(day) }
        if let from = days[0], let to = days[1], to < from {
            throw ValidationError("--to \(to) is before --from \(from)")
        }
        if Normalization(rawValue: normalization) == nil {
            throw ValidationError("--normalization must be minmax or percentile")
        }
    }

    func run() async throws {
        let began = ContinuousClock.now
        let sql = try Installation.find().sql()
        let options = try database.postgres()
        let line = ProgressLine()
        // One connection for everything, because opening one takes as long as scoring a day.
        let done = try await PostgresConnection.withConnection(options) { connection in
            try await audited("score", target: dataset.text, options, sql, on: connection) {
                let target = try await DatasetStore(connection, sql: sql).datasetOfEvents(dataset)
                let run = try await score(target, on: connection, options, sql, line)
                return (Scored(run: run, target: target), "run \(run.run), \(run.events) events read")
            }
        }
        let run = done.run
        line.finish()
        let outcome = Outcome(
            run: run.run, dataset: dataset.text, from: run.days.map { "\($0.lowerBound)" },
            to: run.days.map { "\($0.upperBound)" }, events: run.events,
            rows: run.resolutions.reduce(0) { $0 + $1.rows },
            resolutions: run.resolutions.map {
                Outcome.Resolution(
                    resolution: $0.resolution, rows: $0.rows, seconds: $0.time.inSeconds.rounded(to: 3))
            },
            notServed: run.resolutions.map(\.resolution).filter { !done.target.resolutions.contains($0) },
            seconds: (ContinuousClock.now - began).inSeconds.rounded(to: 3))
        try output.print(outcome, summary: summary(outcome))
    }

    private func score(
        _ target: Dataset, on connection: PostgresConnection, _ options: PostgresOptions, _ sql: SQLFiles,
        _ line: ProgressLine
    ) async throws -> ScoringRun.Outcome {
        let request = ScoringRun.Request(
            dataset: target, resolutions: resolution.isEmpty ? target.resolutions : Set(resolution).sorted(),
            from: try from.map(day), to: try to.map(day),
            normalization: Normalization(rawValue: normalization) ?? .minmax, isFull: full)
        return try await ScoringRun(options, sql: sql).run(request, on: connection) { step in
            switch step {
            case .reading(let all): line.show(part: 0, of: all + 1, "reading events")
            case .scoring(let resolution, let done, let all):
                line.show(part: done + 1, of: all + 1, "scoring resolution \(resolution)")
            }
        }
    }

    private func summary(_ outcome: Outcome) -> String {
        guard let from = outcome.from, let to = outcome.to else {
            return "Dataset \(dataset) has no events to score"
        }
        let lines = outcome.resolutions.map { "  resolution \($0.resolution): \($0.rows) rows in \($0.seconds) s" }
        let text = """
            Run \(outcome.run): \(from) to \(to), \(outcome.events) events read, \
            \(outcome.rows) rows in \(outcome.seconds) s
            \(lines.joined(separator: "\n"))
            """
        guard !outcome.notServed.isEmpty else { return text }
        let others = outcome.notServed.map(String.init).joined(separator: ", ")
        return text + "\nNot served: resolution \(others), which \(dataset) does not name (see its `resolutions`)"
    }

    private func day(_ text: String) throws -> LocalDay {
        guard let day = LocalDay(text) else {
            throw ValidationError("\"\(text)\" is not a date of the form YYYY-MM-DD")
        }
        return day
    }
}
