import ArgumentParser
import Domain
import Fetch
import Postgres
import Storage
import Work

struct AlertsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "alerts", abstract: "Rules that tell what is new, and what they found.",
        subcommands: [List.self, Rules.self, Put.self, Test.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "List alerts, the newest first.")
        @Option(help: "Only alerts of this dataset.", transform: Slug.argument) var dataset: Slug?
        @Option(help: "Only alerts of this rule.") var rule: String?
        @Option(help: "Only alerts in this state: kept, waiting, sent or given_up.") var state: String?
        @Option(help: "How many are listed at most, 1 to 1000.") var limit = 50
        @OptionGroup var database: DatabaseOptions
        @OptionGroup var output: OutputOptions

        private struct Line: Encodable {
            let id: Int64
            let dataset: String
            let rule: String
            let condition: String
            let asOf: String?
            let message: String
            let total: Int
            let state: String
            let attempts: Int
            let error: String?
            let createdAt: String
            let sentAt: String?
        }

        func validate() throws {
            try ListLimit.check(limit)
            _ = try query()
        }

        private func query() throws -> AlertQuery {
            let state = try state.map { text in
                guard let state = Alert.State(rawValue: text) else {
                    throw ValidationError("--state must be kept, waiting, sent or given_up")
                }
                return state
            }
            return AlertQuery(dataset: dataset, rule: rule, state: state)
        }

        func run() async throws {
            let query = try query()
            let sql = try Installation.find().sql()
            let found = try await PostgresConnection.withConnection(try database.postgres()) { connection in
                try await AlertStore(connection, sql: sql).alerts(query, PageRequest(limit: limit)).rows
            }
            let lines = found.map { alert in
                Line(
                    id: alert.id, dataset: alert.dataset.text, rule: alert.rule, condition: alert.condition,
                    asOf: alert.asOf?.description, message: alert.message, total: alert.total,
                    state: alert.state.rawValue, attempts: alert.attempts, error: alert.error,
                    createdAt: alert.createdAt.wholeSeconds.description,
                    sentAt: alert.sentAt?.wholeSeconds.description)
            }
            let summary = lines.map { line in
                "\(line.createdAt)  \(line.dataset)  \(line.rule)  \(line.message)  \(line.state)"
                    + (line.error.map { "  \($0)" } ?? "")
            }
            try output.print(
                ["alerts": lines],
                summary: lines.isEmpty ? "There are no such alerts" : summary.joined(separator: "\n"))
        }
    }

    struct Rules: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "rules", abstract: "List rules.")
        @Option(help: "Only rules of this dataset.", transform: Slug.argument) var dataset: Slug?
        @OptionGroup var database: DatabaseOptions
        @OptionGroup var output: OutputOptions

        private struct Line: Encodable {
            let dataset: String
            let name: String
            let when: String
            let resolution: Int?
            let webhook: String?
        }

        func run() async throws {
            let sql = try Installation.find().sql()
            let rules = try await PostgresConnection.withConnection(try database.postgres()) { connection in
                try await AlertStore(connection, sql: sql).rules(of: dataset)
            }
            let lines = rules.map(\.rule).map { rule in
                Line(
                    dataset: rule.dataset.text, name: rule.name, when: rule.condition.name,
                    resolution: rule.resolution, webhook: rule.webhook?.url)
            }
            let summary = lines.map { line in
                "\(line.dataset)  \(line.name)  \(line.when)" + (line.webhook.map { "  \($0)" } ?? "")
            }
            try output.print(
                ["rules": lines], summary: lines.isEmpty ? "There are no rules" : summary.joined(separator: "\n"))
        }
    }

    struct Put: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "put", abstract: "Make the rules of a file those of its dataset.",
            discussion: "docs/alerts.md lists the keys. Rules that are not in the file are deleted.")
        @Argument(help: "YAML file with the rules of one dataset.") var file: String
        @OptionGroup var database: DatabaseOptions
        @OptionGroup var output: OutputOptions

        private struct Outcome: Encodable {
            let dataset: String
            let rules: Int
        }

        func run() async throws {
            let file = try AlertFile(path: file)
            let sql = try Installation.find().sql()
            let options = try database.postgres()
            try await audited("alerts put", target: file.dataset.text, options, sql) {
                try await PostgresConnection.withConnection(options) { connection in
                    try await AlertStore.replace(file.rules, of: file.dataset, sql: sql, on: connection)
                }
                return ((), "\(file.rules.count) rules")
            }
            try output.print(
                Outcome(dataset: file.dataset.text, rules: file.rules.count),
                summary: "\(file.dataset) has \(file.rules.count) rules")
        }
    }

    struct Test: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "test", abstract: "Send a made-up alert to the webhook of a rule.",
            discussion: "It has the id 0 and is signed with the secret of this command's environment.")
        @Argument(help: "Slug of the dataset.", transform: Slug.argument) var dataset: Slug
        @Argument(help: "Name of the rule.") var rule: String
        @OptionGroup var database: DatabaseOptions
        @OptionGroup var output: OutputOptions

        private struct Outcome: Encodable {
            let dataset: String
            let rule: String
            let sent: Bool
        }

        func run() async throws {
            let sql = try Installation.find().sql()
            let rules = try await PostgresConnection.withConnection(try database.postgres()) { connection in
                try await AlertStore(connection, sql: sql).rules(of: dataset)
            }
            guard let found = rules.first(where: { $0.rule.name == rule })?.rule else {
                throw StorageError(.dataset, "\(dataset) has no rule \(rule): see `hextant alerts rules`")
            }
            guard let webhook = found.webhook else {
                throw StorageError(.dataset, "the rule \(rule) of \(dataset) has no webhook")
            }
            let alert = Alert(
                id: 0, dataset: dataset, rule: rule, condition: found.condition.name, resolution: found.resolution,
                message: "a test of this rule", createdAt: Instant.now.wholeSeconds, state: .waiting)
            try await WebhookSender(.ofWebhooks()).send(alert, to: webhook)
            try output.print(
                Outcome(dataset: dataset.text, rule: rule, sent: true), summary: "The webhook took the alert")
        }
    }
}
