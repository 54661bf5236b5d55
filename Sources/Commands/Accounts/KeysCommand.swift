import Accounts
import ArgumentParser
import Domain
import Storage

struct KeysCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys",
        abstract: "Create, list and revoke API keys.",
        subcommands: [Add.self, List.self, Revoke.self])

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "add",
            abstract: "Create an API key. It is shown once and cannot be shown again.")
        @Argument(help: "Name: 1 to 63 of a-z, 0-9 and ._@-, a letter or digit first.") var name: String
        @Option(help: "public, analyst or admin.") var role: Role = .public
        @Option(
            help: "Slug of a dataset that the key is limited to; repeat for more. Default: all that its role can see.",
            transform: Slug.argument)
        var dataset: [Slug] = []
        @Option(help: "Days until the key expires, 1 to 3650. Default: never.") var days: Int?
        @OptionGroup var database: DatabaseOptions
        @OptionGroup var output: OutputOptions

        private struct Outcome: Encodable {
            let name: String
            let key: String
        }

        func validate() throws {
            guard days.map((1...3650).contains) ?? true else { throw ValidationError("--days must be 1 to 3650") }
        }

        func run() async throws {
            let key = try await withAccounts(database) {
                try await KeyStore($0, sql: $1).add(
                    name, role: role, datasets: dataset.isEmpty ? nil : dataset, days: days)
            }
            try output.print(Outcome(name: name, key: key.text), summary: key.text)
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "list", abstract: "List API keys.")
        @OptionGroup var database: DatabaseOptions
        @OptionGroup var output: OutputOptions

        private struct Line: Encodable {
            let name: String
            let role: String
            let state: KeyStore.State
            let datasets: [String]?
            let expiresAt: String?
        }

        func run() async throws {
            let lines = try await withAccounts(database) { try await KeyStore($0, sql: $1).keys() }.map { key in
                Line(
                    name: key.name, role: key.role.rawValue, state: key.state, datasets: key.datasets?.map(\.text),
                    expiresAt: key.expires?.wholeSeconds.description)
            }
            let summary = lines.map { line in
                let scope =
                    line.datasets.map { datasets in
                        datasets.isEmpty
                            ? "  for datasets that were deleted" : "  only \(datasets.joined(separator: ", "))"
                    } ?? ""
                return "\(line.name)  \(line.role)  \(line.state.rawValue)\(scope)"
                    + (line.expiresAt.map { "  until \($0)" } ?? "")
            }
            try output.print(
                ["keys": lines], summary: lines.isEmpty ? "There are no API keys" : summary.joined(separator: "\n"))
        }
    }

    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "revoke", abstract: "Revoke an API key at once and for good.")
        @Argument(help: "Name of the key.") var name: String
        @OptionGroup var database: DatabaseOptions
        @OptionGroup var output: OutputOptions

        private struct Outcome: Encodable {
            let name: String
            let changed: Bool
        }

        func run() async throws {
            let isChanged = try await withAccounts(database) { try await KeyStore($0, sql: $1).revoke(name) }
            try output.print(
                Outcome(name: name, changed: isChanged),
                summary: isChanged ? "Revoked key \(name)" : "Key \(name) had been revoked before")
        }
    }
}
