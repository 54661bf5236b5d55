import ArgumentParser
import Domain
import Postgres
import Storage

extension DatasetsCommand {
    private struct Outcome: Encodable {
        let dataset: String
        let user: String
        let granted: Bool
        let changed: Bool
    }

    struct Grant: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "grant", abstract: "Let a user see a private dataset.")
        @Argument(help: "Slug of the dataset.", transform: Slug.argument) var dataset: Slug
        @Argument(help: "Name of the user.") var user: String
        @OptionGroup var database: DatabaseOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            let isNew = try await withAccounts(database) { try await UserStore($0, sql: $1).grant(dataset, to: user) }
            try output.print(
                Outcome(dataset: dataset.text, user: user, granted: true, changed: isNew),
                summary: isNew ? "User \(user) can now see \(dataset)" : "User \(user) could already see \(dataset)")
        }
    }

    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "revoke", abstract: "Take back a user's grant on a dataset.")
        @Argument(help: "Slug of the dataset.", transform: Slug.argument) var dataset: Slug
        @Argument(help: "Name of the user.") var user: String
        @OptionGroup var database: DatabaseOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            let wasGranted = try await withAccounts(database) {
                try await UserStore($0, sql: $1).revokeGrant(dataset, from: user)
            }
            try output.print(
                Outcome(dataset: dataset.text, user: user, granted: false, changed: wasGranted),
                summary: wasGranted
                    ? "User \(user) no longer has a grant on \(dataset)"
                    : "User \(user) had no grant on \(dataset)")
        }
    }
}

/// Runs `body` on a connection that may change accounts.
func withAccounts<Output: Sendable>(
    _ database: DatabaseOptions, _ body: (PostgresConnection, SQLFiles) async throws -> Output
) async throws -> Output {
    let sql = try Installation.find().sql()
    return try await PostgresConnection.withConnection(try database.postgres()) { try await body($0, sql) }
}
