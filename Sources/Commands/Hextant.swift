package import ArgumentParser
import Foundation
import Postgres

/// Every command states its name: to derive it, ArgumentParser has the runtime search all conformances, at each start.
package struct Hextant: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "hextant",
        abstract: "Risk maps from geolocated events.",
        discussion: "The usual order is: migrate, datasets put, ingest, score, outlook, refresh, serve.",
        version: Build.version,
        subcommands: [
            MigrateCommand.self, DatasetsCommand.self, IngestCommand.self, BatchesCommand.self, DeadLettersCommand.self,
            ScoreCommand.self, ExplainScoreCommand.self, OutlookCommand.self, EvaluateCommand.self, RefreshCommand.self,
            RunsCommand.self, WarmCommand.self, ServeCommand.self, WorkerCommand.self, SchedulesCommand.self,
            FeedsCommand.self, StreamsCommand.self, ListenCommand.self, ConfigCommand.self, DoctorCommand.self,
            UsersCommand.self, KeysCommand.self, AuditCommand.self, H3Command.self, AreasCommand.self,
            ConvertCommand.self, NYCCommand.self, AlertsCommand.self, ExpendituresCommand.self, ModelsCommand.self,
            ReportCommand.self, VersionCommand.self,
        ])

    package init() {}

    package static func main() async {
        CoreDump.leaveMemoryOut()
        let arguments = Array(CommandLine.arguments.dropFirst())
        do {
            var command = try parseAsRoot(arguments)
            do {
                if var asynchronous = command as? any AsyncParsableCommand {
                    try await asynchronous.run()
                } else {
                    try command.run()
                }
                leave(0)
            } catch let status as ExitStatus {
                leave(status.rawValue)
            } catch {
                // Help requests, and arguments that only the command itself can check, have exit codes of their own.
                if exitCode(for: error) != .failure { exit(withError: error) }
                fail(error)
            }
        } catch {
            guard exitCode(for: error) == .validationFailure, let meant = Suggestion.text(for: arguments, of: Self.self)
            else { exit(withError: error) }
            FileHandle.standardError.write(Data("\(fullMessage(for: error))\n\(meant)\n".utf8))
            leave(exitCode(for: error).rawValue)
        }
    }

    /// The sentence for an error. Before `migrate up`, a command finds tables missing, which needs an explanation.
    private static func sentence(of error: any Error) -> String {
        guard ExitStatus(error) == .configuration, error is PostgresError else { return "\(error)" }
        return "the database's schema is missing or older than this version: run `hextant migrate up`"
    }

    /// Prints one line on standard error, or one for each fault of a file, and exits with a status for the kind of
    /// failure.
    private static func fail(_ error: any Error) -> Never {
        let faults = (error as? any SeveralLines)?.lines ?? [Self.sentence(of: error)]
        let lines = faults.map { "hextant: \($0.split(whereSeparator: \.isNewline).joined(separator: " "))\n" }
        FileHandle.standardError.write(Data(lines.joined().utf8))
        leave(ExitStatus(error).rawValue)
    }

    /// Ends the process without exit handlers. The one of OpenSSL, which libpq uses, removes locks that the thread of a
    /// connection may need at that moment.
    private static func leave(_ status: Int32) -> Never {
        fflush(nil)
        _exit(status)
    }
}
