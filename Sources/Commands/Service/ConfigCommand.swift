import ArgumentParser
import Foundation

struct ConfigCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config", abstract: "Check the settings of a server.", subcommands: [Check.self])

    struct Check: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "check",
            abstract: "Check the settings of the environment and the file, and say where each comes from.",
            discussion: """
                Every fault is told, with its line where it is in a file. Nothing is connected to: `hextant serve \
                --check` also compares the settings with the database and Redis, `hextant doctor` checks the whole \
                installation.
                """)
        @Option(help: "YAML file with settings; docs/configuration.md lists the keys. [HEXTANT_CONFIG]")
        var config: String?
        @OptionGroup var output: OutputOptions

        private struct Line: Encodable {
            let setting: String
            let value: String
            let source: String
        }

        func run() async throws {
            let settings = try ServeCommand.checkedSettings(config: config)
            let lines = Setting.allCases.compactMap { setting -> Line? in
                guard let value = settings.text(setting, flag: nil), let source = settings.source(setting) else {
                    return nil
                }
                return Line(setting: setting.rawValue, value: setting.shown(value), source: source)
            }
            let summary = lines.map { "\($0.setting) = \($0.value)  (\($0.source))" }
            try output.print(
                ["settings": lines],
                summary: (summary + ["The settings can be used; those not listed have their defaults"])
                    .joined(separator: "\n"))
        }
    }
}

extension Setting {
    /// A value without the secrets in it.
    func shown(_ value: String) -> String {
        switch self {
        case .databaseURL, .databaseReplicaURL, .redisURL: redacted(value)
        case .tokenSecret, .previousTokenSecret: "(set)"
        default: value
        }
    }
}

extension ServeCommand {
    /// The settings of a server that is started without flags.
    /// - Throws: ``ConfigurationError`` with everything that cannot be used.
    static func checkedSettings(config: String?, databaseURL: String? = nil) throws -> Settings {
        let command = try ServeCommand.parse(
            (config.map { ["--config", $0] } ?? []) + (databaseURL.map { ["--database-url", $0] } ?? []))
        let settings = try command.database.settings(collectsFaults: true)
        _ = try command.plan(settings, .find(), nil)
        return settings
    }
}
