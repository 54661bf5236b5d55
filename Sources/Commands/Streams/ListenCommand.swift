import ArgumentParser
import Domain
import Fetch
import Foundation
import Logging
import Postgres
import ServiceLifecycle
import Storage
import Streams
import UnixSignals
import Web
import Work

struct ListenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "listen",
        abstract: "Read streams: turn the messages of brokers into events, as they come.",
        discussion: """
            Each batch of messages is stored together with the position of the stream, so that no message is lost or \
            stored twice. Any number of processes may read a stream; its broker shares the messages out. At SIGTERM it \
            ends; what was not stored is read by the next one.
            """)

    @Argument(help: "Names of streams. Default: all of the folder.") var names: [String] = []
    @Option(
        help: """
            Name of this process among those that read the same streams of MQTT; it must stay the same when the \
            process starts again. Default: the name of the machine.
            """)
    var instance: String?
    @OptionGroup var folder: StreamOptions
    @OptionGroup var letters: LetterOptions
    @Option(help: "Log level: trace, debug, info, notice, warning or error. [HEXTANT_LOG_LEVEL, info]")
    var logLevel: String?
    @OptionGroup var database: DatabaseOptions

    func validate() throws {
        guard let instance else { return }
        guard (1...100).contains(instance.utf8.count), instance.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw ValidationError("--instance must be 1 to 100 letters, digits and signs of ASCII")
        }
    }

    func run() async throws {
        Allocator.keepLittle()
        let settings = try database.settings()
        let address = try database.url(settings)
        let streams = try folder.load(settings, names: names)
        let log = try LogSettings(settings, level: logLevel)
        let allowance = try letters.allowance(settings)
        guard !streams.isEmpty else { throw ConfigurationError("the folder of streams has no file NAME.yaml") }
        let logger = log.bootstrapped()
        let installation = try Installation.find()
        let sql = try installation.sql()
        let spool = try SpoolFolder()
        defer { spool.remove() }
        let options = PostgresOptions(url: address)
        // A wrong URL or dataset is reported at once instead of being tried for ever.
        let missing = try await PostgresConnection.withConnection(options) { connection in
            try await DatasetStore(connection, sql: sql).missing(of: Set(streams.map(\.dataset)))
        }
        if let dataset = missing.min(by: { $0.text < $1.text }) {
            throw StorageError(.dataset, "there is no dataset \(dataset): add it with `hextant datasets put`")
        }
        let ingest = FileIngest(options, sql: sql, mappings: installation.mappings, letters: allowance)
        let secrets = Secrets(environment: ProcessInfo.processInfo.environment)
        let name = instance ?? ProcessInfo.processInfo.hostName
        logger.info(
            "listening",
            metadata: [
                "database": "\(redacted(address))",
                "streams": "\(streams.map(\.name.text).joined(separator: ", "))", "instance": "\(name)",
            ])
        let services = streams.map { stream in
            ServiceGroupConfiguration.ServiceConfiguration(
                service: StreamService(
                    stream, MessageStore(stream, ingest: ingest, folder: spool.path), secrets: secrets,
                    instance: name, logger: logger))
        }
        try await ServiceGroup(
            configuration: .init(
                services: services + [.init(service: BatchSweeper(options, sql: sql, logger: logger))],
                gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        ).run()
        logger.info("ended")
    }
}
