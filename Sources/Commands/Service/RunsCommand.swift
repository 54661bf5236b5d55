import ArgumentParser
import Domain
import Postgres
import Storage

struct RunsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "runs", abstract: "List scoring runs, refreshes and other jobs.", subcommands: [List.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "List runs with what asked for them and how they ended, the newest first.")
        @Option(help: "Slug of the dataset.", transform: Slug.argument) var dataset: Slug?
        @Option(help: "Only runs in this state: queued, running, finished, failed or cancelled.") var state: String?
        @Option(help: "How many are listed at most, 1 to 1000.") var limit = 20
        @OptionGroup var database: DatabaseOptions
        @OptionGroup var output: OutputOptions

        private struct Line: Encodable {
            let run: Int64
            let kind: String
            let dataset: String?
            let trigger: String?
            let state: String
            let progress: Double
            let attempts: Int
            let resolutions: [Int]
            let from: String?
            let to: String?
            let events: Int
            let rows: Int
            let error: String?
            let createdAt: String
            let startedAt: String?
            let finishedAt: String?

            init(_ run: AnalyticsRun) {
                self.run = run.id
                kind = run.kind
                dataset = run.dataset?.text
                trigger = run.trigger
                state = run.state.rawValue
                progress = run.progress
                attempts = run.attempts
                resolutions = run.resolutions
                from = run.from.map { "\($0)" }
                to = run.to.map { "\($0)" }
                events = run.events
                rows = run.rows
                error = run.error
                createdAt = run.createdAt.wholeSeconds.description
                startedAt = run.startedAt?.wholeSeconds.description
                finishedAt = run.finishedAt?.wholeSeconds.description
            }

            var text: String {
                let period = from.map { "  \($0) to \(to ?? "?")" } ?? ""
                let share = state == AnalyticsRun.State.running.rawValue ? " \(Int(progress * 100)) %" : ""
                return "\(run)  \(createdAt)  \(kind)\(dataset.map { " \($0)" } ?? "")  \(state)\(share)\(period)"
                    + "\(trigger.map { "  by \($0)" } ?? "")\(error.map { "  (\($0))" } ?? "")"
            }
        }

        func validate() throws {
            try ListLimit.check(limit)
            _ = try known()
        }

        private func known() throws -> AnalyticsRun.State? {
            try state.map { text in
                guard let state = AnalyticsRun.State(rawValue: text) else {
                    let states = AnalyticsRun.State.allCases.map(\.rawValue).joined(separator: ", ")
                    throw ValidationError("--state must be one of \(states)")
                }
                return state
            }
        }

        func run() async throws {
            let sql = try Installation.find().sql()
            let state = try known()
            let runs = try await PostgresConnection.withConnection(try database.postgres()) { connection in
                if let dataset { _ = try await DatasetStore(connection, sql: sql).dataset(dataset) }
                return try await RunStore(connection, writers: connection, sql: sql).runs(
                    RunQuery(dataset: dataset, state: state), PageRequest(limit: limit)
                ).rows
            }
            let lines = runs.map(Line.init)
            try output.print(
                ["runs": lines],
                summary: lines.isEmpty ? "There are no runs" : lines.map(\.text).joined(separator: "\n"))
        }
    }
}
