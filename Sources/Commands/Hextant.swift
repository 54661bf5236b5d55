package import ArgumentParser
import Foundation
import Postgres

/// Every command states its name: to derive it, ArgumentParser has the runtime search all conformances, at each start.
package struct Hextant: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "hextant",
        abstract: "Risk maps from geolocated events.",
        discussion: "The usual order is: migrate, datasets put, ingest, score, refresh, serve.",
        version: "0.1.0",
        subcommands: [
            MigrateCommand.self, DatasetsCommand.self, IngestCommand.self, DeadLettersCommand.self, ScoreCommand.self,
            ExplainScoreCommand.self, RefreshCommand.self, WarmCommand.self, ServeCommand.self, WorkerCommand.self,
            DoctorCommand.self, UsersCommand.self,
            KeysCommand.self, H3Command.self, ConvertCommand.self,
        ])

    package init() {}

    package static func main() async {
        CoreDump.leaveMemoryOut()
        do {
            var command = try parseAsRoot()
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
            exit(withError: error)
        }
    }

    /// The sentence for an error. Before `migrate up`, a command finds tables missing, which needs an explanation.
    private static func sentence(of error: any Error) -> String {
        guard ExitStatus(error) == .configuration, error is PostgresError else { return "\(error)" }
        return "the database's schema is missing or older than this version: run `hextant migrate up`"
    }

    /// Prints one line on standard error and exits with a status for the kind of failure.
    private static func fail(_ error: any Error) -> Never {
        let line = Self.sentence(of: error).split(whereSeparator: \.isNewline).joined(separator: " ")
        FileHandle.standardError.write(Data("hextant: \(line)\n".utf8))
        leave(ExitStatus(error).rawValue)
    }

    /// Ends the process without exit handlers. The one of OpenSSL, which libpq uses, removes locks that the thread of a
    /// connection may need at that moment.
    private static func leave(_ status: Int32) -> Never {
        fflush(nil)
        _exit(status)
    }
}
