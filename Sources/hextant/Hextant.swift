import ArgumentParser
import Foundation
import Postgres

/// Every command states its name: to derive it, ArgumentParser has the runtime search all conformances, at each start.
@main
struct Hextant: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hextant",
        abstract: "Risk maps from geolocated events.",
        discussion: "Events go the same way always: migrate, datasets put, ingest, score, refresh, serve.",
        version: "0.1.0",
        subcommands: [
            MigrateCommand.self, DatasetsCommand.self, IngestCommand.self, DeadLettersCommand.self, ScoreCommand.self,
            ExplainScoreCommand.self, RefreshCommand.self, WarmCommand.self, ServeCommand.self, WorkerCommand.self,
            DoctorCommand.self, UsersCommand.self,
            KeysCommand.self, H3Command.self,
        ])

    static func main() async {
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
                // Help requests and arguments that only the command itself could check have exit codes of their own.
                if exitCode(for: error) != .failure { exit(withError: error) }
                fail(error)
            }
        } catch {
            exit(withError: error)
        }
    }

    /// A command that runs before `migrate up` meets tables that are not there yet.
    private static func sentence(of error: any Error) -> String {
        guard ExitStatus(error) == .configuration, error is PostgresError else { return "\(error)" }
        return "the database's schema is missing or older than this version: run `hextant migrate up`"
    }

    /// One plain line on standard error, and a status that says what kind of failure it was.
    private static func fail(_ error: any Error) -> Never {
        let line = Self.sentence(of: error).split(whereSeparator: \.isNewline).joined(separator: " ")
        FileHandle.standardError.write(Data("hextant: \(line)\n".utf8))
        leave(ExitStatus(error).rawValue)
    }

    /// Ends the process without exit handlers: OpenSSL's, which libpq brings along, takes locks away that the thread of a
    /// connection may just then need for its own end.
    private static func leave(_ status: Int32) -> Never {
        fflush(nil)
        _exit(status)
    }
}
