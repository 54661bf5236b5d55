import Accounts
import ArgumentParser
import Domain
import Storage

struct UsersCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "users",
        abstract: "Add, list, change and delete users.",
        discussion: "Every change takes effect at once, on every server. See docs/accounts.md.",
        subcommands: [
            Add.self, List.self, Disable.self, Enable.self, SetRole.self, SetPassword.self, Delete.self,
        ])

    private struct Outcome: Encodable {
        let user: String
        let changed: Bool
    }

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "add",
            abstract: "Add a user. Does nothing if the user already exists with this role and password.")
        @Argument(help: "Name: 1 to 63 of a-z, 0-9 and ._@-, a letter or digit first.") var name: String
        @Option(help: "public, analyst or admin.") var role: Role = .public
        @OptionGroup var password: PasswordOptions
        @OptionGroup var database: DatabaseOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            let text = try password.password()
            let isNew = try await withAccounts(database) {
                try await UserStore($0, sql: $1).add(name, role: role, password: text)
            }
            try output.print(
                Outcome(user: name, changed: isNew),
                summary: isNew ? "Added user \(name) with role \(role.rawValue)" : "User \(name) already exists")
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "list", abstract: "List users.")
        @OptionGroup var database: DatabaseOptions
        @OptionGroup var output: OutputOptions

        private struct Line: Encodable {
            let user: String
            let role: String
            let disabled: Bool
            let datasets: [String]
        }

        func run() async throws {
            let lines = try await withAccounts(database) { try await UserStore($0, sql: $1).users() }.map { user in
                Line(
                    user: user.name, role: user.role.rawValue, disabled: user.isDisabled,
                    datasets: user.grants.map(\.text))
            }
            let summary = lines.map { line in
                let grants = line.datasets.isEmpty ? "" : "  can see \(line.datasets.joined(separator: ", "))"
                return "\(line.user)  \(line.role)\(line.disabled ? "  disabled" : "")\(grants)"
            }
            try output.print(
                ["users": lines], summary: lines.isEmpty ? "There are no users" : summary.joined(separator: "\n"))
        }
    }

    struct Disable: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "disable", abstract: "Disable a user. Their sessions end at once.")
        @Argument(help: "Name of the user.") var name: String
        @OptionGroup var database: DatabaseOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            let isChanged = try await withAccounts(database) {
                try await UserStore($0, sql: $1).setDisabled(true, name)
            }
            try output.print(
                Outcome(user: name, changed: isChanged),
                summary: isChanged ? "Disabled user \(name)" : "User \(name) had been disabled before")
        }
    }

    struct Enable: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "enable", abstract: "Enable a disabled user again.")
        @Argument(help: "Name of the user.") var name: String
        @OptionGroup var database: DatabaseOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            let isChanged = try await withAccounts(database) {
                try await UserStore($0, sql: $1).setDisabled(false, name)
            }
            try output.print(
                Outcome(user: name, changed: isChanged),
                summary: isChanged ? "Enabled user \(name)" : "User \(name) was not disabled")
        }
    }

    struct SetRole: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "set-role", abstract: "Give a user another role.")
        @Argument(help: "Name of the user.") var name: String
        @Argument(help: "public, analyst or admin.") var role: Role
        @OptionGroup var database: DatabaseOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            let isChanged = try await withAccounts(database) {
                try await UserStore($0, sql: $1).setRole(of: name, to: role)
            }
            try output.print(
                Outcome(user: name, changed: isChanged),
                summary: isChanged ? "User \(name) now has role \(role.rawValue)" : "User \(name) already had that role"
            )
        }
    }

    struct SetPassword: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "set-password", abstract: "Give a user another password. Their sessions end at once.")
        @Argument(help: "Name of the user.") var name: String
        @OptionGroup var password: PasswordOptions
        @OptionGroup var database: DatabaseOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            let text = try password.password()
            try await withAccounts(database) { try await UserStore($0, sql: $1).setPassword(of: name, to: text) }
            try output.print(Outcome(user: name, changed: true), summary: "User \(name) has a new password")
        }
    }

    struct Delete: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "delete",
            abstract: "Delete a user. Their sessions and grants end at once, and their jobs are cancelled.",
            discussion: """
                The audit log keeps the name, so do not give it to somebody else. `users disable` can be taken back.
                """)
        @Argument(help: "Name of the user.") var name: String
        @Option(help: "The name again, to confirm. A deleted user cannot be restored.") var confirm: String
        @OptionGroup var database: DatabaseOptions
        @OptionGroup var output: OutputOptions

        func validate() throws {
            guard confirm == name else { throw ValidationError("--confirm must be the name of the user") }
        }

        func run() async throws {
            try await withAccounts(database) { try await UserStore($0, sql: $1).delete(name) }
            try output.print(Outcome(user: name, changed: true), summary: "Deleted user \(name)")
        }
    }
}
