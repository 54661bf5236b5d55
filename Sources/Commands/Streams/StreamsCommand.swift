import ArgumentParser
import Domain
import Feeds
import Fetch
import Foundation
import Postgres
import Storage
import Streams

struct StreamsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "streams", abstract: "List and check streams of messages.",
        discussion: """
            A stream is a file that says which messages of a broker become events of which dataset. `hextant listen` \
            reads streams.
            """,
        subcommands: [List.self, Check.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "List the streams and their brokers.",
            discussion: "It reads the files alone, so it needs no database.")
        @OptionGroup var folder: StreamOptions
        @Option(help: "YAML file with settings; docs/configuration.md lists the keys. [HEXTANT_CONFIG]")
        var config: String?
        @OptionGroup var output: OutputOptions

        private struct Line: Encodable {
            let stream: String
            let broker: String
            let topics: [String]
            let group: String
            let dataset: String
            let mapping: String
            let format: String
            let secrets: [String]
        }

        func run() async throws {
            let lines = try folder.load(try Settings(file: config)).map { stream in
                Line(
                    stream: stream.name.text, broker: stream.broker, topics: stream.topics, group: stream.group,
                    dataset: stream.dataset.text, mapping: stream.mapping, format: stream.format.name,
                    secrets: StreamFile.secrets(of: stream))
            }
            let summary = lines.map { line in
                "\(line.stream)  \(line.topics.joined(separator: ", ")) of \(line.broker) into \(line.dataset)"
            }
            try output.print(
                ["streams": lines], summary: lines.isEmpty ? "There are no streams" : summary.joined(separator: "\n"))
        }
    }

    struct Check: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "check",
            abstract: "Check streams: their files, mappings, secrets and datasets, and whether their brokers answer.",
            discussion: "It reads no message. The exit code is 1 when a stream cannot be read.")
        @Argument(help: "Names of streams. Default: all.") var names: [String] = []
        @Flag(help: "Ask no broker.") var offline = false
        @OptionGroup var folder: StreamOptions
        @OptionGroup var database: DatabaseOptions
        @OptionGroup var output: OutputOptions

        private struct Line: Encodable {
            let stream: String
            var faults: [String]
            /// Partitions of its topics; nil where no broker was asked, or it has none.
            var partitions: Int?

            var summary: String {
                let head =
                    "\(stream): \(faults.isEmpty ? "can be read" : "CANNOT be read")"
                    + (partitions.map { "; \($0) partitions" } ?? "")
                return ([head] + faults.map { "  -> \($0)" }).joined(separator: "\n")
            }
        }

        func run() async throws {
            let installation = try Installation.find()
            let streams = try folder.load(try database.settings(), names: names)
            let sql = try installation.sql()
            let missing = try await PostgresConnection.withConnection(try database.postgres()) { connection in
                try await DatasetStore(connection, sql: sql).missing(of: Set(streams.map(\.dataset)))
            }
            let environment = ProcessInfo.processInfo.environment
            var lines: [Line] = []
            for stream in streams {
                var line = Line(stream: stream.name.text, faults: [])
                do {
                    _ = try Mapping.load(
                        stream.mapping, builtInDirectory: installation.mappings, places: stream.places)
                } catch {
                    line.faults.append("its mapping cannot be used: \(error)")
                }
                for secret in StreamFile.secrets(of: stream)
                where environment["\(Secrets.prefix)\(secret)", default: ""].isEmpty {
                    line.faults.append("the environment variable \(Secrets.prefix)\(secret) is not set")
                }
                if missing.contains(stream.dataset) {
                    line.faults.append("there is no dataset \(stream.dataset): add it with `hextant datasets put`")
                }
                if !offline, line.faults.isEmpty {
                    do {
                        line.partitions = try await StreamBroker.look(stream, Secrets(environment: environment))
                    } catch {
                        line.faults.append("\(error)")
                    }
                }
                lines.append(line)
            }
            try output.print(["streams": lines], summary: lines.map(\.summary).joined(separator: "\n"))
            guard lines.allSatisfy(\.faults.isEmpty) else { throw ExitStatus.failure }
        }
    }
}
