import ArgumentParser
import Domain
import Foundation
import Jobs
import Postgres
import Storage
import Work

struct SchedulesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schedules", abstract: "List schedules, and queue the job of one now.",
        subcommands: [List.self, Run.self])

    /// The file of schedules, as `serve` and `worker` find it.
    struct File: ParsableArguments {
        @Option(help: "YAML file of schedules, see docs/jobs.md. [HEXTANT_SCHEDULES]") var schedules: String?

        func read(_ settings: Settings) throws -> [JobSchedule] {
            guard let path = settings.text(.schedules, flag: schedules) else {
                throw ConfigurationError("schedules is not set: give --schedules FILE, or set HEXTANT_SCHEDULES")
            }
            return try ScheduleFile(path: path).schedules
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "List the schedules with their next due time and their last run.")
        @OptionGroup var file: File
        @OptionGroup var database: DatabaseOptions
        @OptionGroup var output: OutputOptions

        private struct Line: Encodable {
            let schedule: String
            let job: String
            let dataset: String?
            let next: String?
            let lastRun: Int64?
            let lastState: String?
        }

        func run() async throws {
            let schedules = try file.read(try database.settings())
            let sql = try Installation.find().sql()
            let lines = try await PostgresConnection.withConnection(try database.postgres()) { connection in
                let runs = RunStore(connection, writers: connection, sql: sql)
                var lines: [Line] = []
                for schedule in schedules {
                    let last = try await runs.last(of: schedule)
                    lines.append(
                        Line(
                            schedule: schedule.name, job: schedule.job.kind.rawValue,
                            dataset: schedule.job.dataset?.text,
                            next: schedule.cron.next(after: .now)?.wholeSeconds.description, lastRun: last?.id,
                            lastState: last?.state.rawValue))
                }
                return lines
            }
            let summary = lines.map { line in
                let last = line.lastRun.map { "last: run \($0), \(line.lastState ?? "?")" } ?? "did not run yet"
                return "\(line.schedule)  \(line.job)\(line.dataset.map { " \($0)" } ?? "")  "
                    + "next: \(line.next ?? "never")  \(last)"
            }
            try output.print(
                ["schedules": lines],
                summary: lines.isEmpty ? "There are no schedules" : summary.joined(separator: "\n"))
        }
    }

    struct Run: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "run", abstract: "Queue the job of a schedule now. A worker does it.")
        @Argument(help: "Name of the schedule.") var name: String
        @OptionGroup var file: File
        @OptionGroup var database: DatabaseOptions
        @OptionGroup var output: OutputOptions

        private struct Outcome: Encodable {
            let schedule: String
            let run: Int64
        }

        func run() async throws {
            let schedules = try file.read(try database.settings())
            guard let schedule = schedules.first(where: { $0.name == name }) else {
                let names = schedules.map(\.name)
                let meant = Nearest.word(to: name, among: names).map { "; did you mean \"\($0)\"?" } ?? ""
                throw ValidationError(
                    "there is no schedule \"\(name)\"\(meant); the schedules are: \(names.joined(separator: ", "))")
            }
            let options = try database.postgres()
            let sql = try Installation.find().sql()
            let run = try await audited("schedules run", target: name, options, sql) {
                let run = try await PostgresConnection.withConnection(options) { connection in
                    try await JobQueue(connection, sql: sql).enqueue(
                        schedule.job.completed(connection, sql: sql), trigger: "command schedules run \(name)"
                    ).run
                }
                return (run, "run \(run)")
            }
            try output.print(
                Outcome(schedule: name, run: run),
                summary: "Queued run \(run); `hextant runs list` shows how it goes")
        }
    }
}
