import ArgumentParser
import Foundation

@main
struct Hextant: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hextant",
        abstract: "Risk maps from geolocated events.",
        discussion: "Events go the same way always: migrate, datasets put, ingest, score, refresh, serve.",
        version: "0.1.0",
        subcommands: [
            MigrateCommand.self, DatasetsCommand.self, IngestCommand.self, ScoreCommand.self, RefreshCommand.self,
            ServeCommand.self, WorkerCommand.self,
        ])

    static func main() async {
        do {
            var command = try parseAsRoot()
            do {
                if var asynchronous = command as? any AsyncParsableCommand {
                    try await asynchronous.run()
                } else {
                    try command.run()
                }
            } catch {
                // Help requests and arguments that only the command itself could check have exit codes of their own.
                if exitCode(for: error) != .failure { exit(withError: error) }
                fail(error)
            }
        } catch {
            exit(withError: error)
        }
    }

    /// One plain line on standard error, and a status that says what kind of failure it was.
    private static func fail(_ error: any Error) -> Never {
        let line = "\(error)".split(whereSeparator: \.isNewline).joined(separator: " ")
        FileHandle.standardError.write(Data("hextant: \(line)\n".utf8))
        Foundation.exit(ExitStatus(error).rawValue)
    }
}
