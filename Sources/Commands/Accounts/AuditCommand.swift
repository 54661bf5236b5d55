import Accounts
import ArgumentParser
import Domain
import Postgres
import Storage

struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit", abstract: "Read the audit log.", subcommands: [List.self], defaultSubcommand: List.self)

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "List what was done, failed or was refused, the newest first.",
            discussion: "docs/accounts.md says what is recorded.")
        @Option(help: "Only entries of this actor, such as \"user ada\", \"key feeder\" or command.")
        var actor: String?
        @Option(help: "Only entries whose action begins with this, such as ingest or \"DELETE /v1/datasets\".")
        var action: String?
        @Option(help: "Only entries about this object.") var target: String?
        @Option(help: "Only entries with this outcome: done, failed or refused.") var outcome: String?
        @Option(help: "Only entries since the beginning of this day in UTC, YYYY-MM-DD.") var since: String?
        @Option(help: "How many are listed at most, 1 to 1000.") var limit = 50
        @OptionGroup var database: DatabaseOptions
        @OptionGroup var output: OutputOptions

        private struct Line: Encodable {
            let id: Int64
            let at: String
            let actor: String
            let address: String?
            let action: String
            let target: String?
            let outcome: String
            let status: Int?
            let detail: String?
        }

        func validate() throws {
            try ListLimit.check(limit)
            _ = try query()
        }

        private func query() throws -> AuditQuery {
            let outcome = try outcome.map { text in
                guard let outcome = AuditEntry.Outcome(rawValue: text) else {
                    throw ValidationError("--outcome must be done, failed or refused")
                }
                return outcome
            }
            let since = try since.map { text in
                guard let day = LocalDay(text) else {
                    throw ValidationError("--since \"\(text)\" is not a date of the form YYYY-MM-DD")
                }
                return Instant(midnight: day)
            }
            return AuditQuery(
                actor: actor, action: action, target: target, outcome: outcome, since: since, limit: limit)
        }

        func run() async throws {
            let query = try query()
            let entries = try await withAccounts(database) { try await AuditStore($0, sql: $1).entries(query) }
            let lines = entries.map { stored in
                Line(
                    id: stored.id, at: stored.at.wholeSeconds.description, actor: stored.entry.actor,
                    address: stored.entry.address, action: stored.entry.action, target: stored.entry.target,
                    outcome: stored.entry.outcome.rawValue, status: stored.entry.status, detail: stored.entry.detail)
            }
            let summary = lines.map { line in
                "\(line.at)  \(line.actor)\(line.address.map { " from \($0)" } ?? "")  \(line.action)"
                    + "\(line.target.map { " \($0)" } ?? "")  \(line.outcome)\(line.status.map { " \($0)" } ?? "")"
                    + "\(line.detail.map { "  \($0)" } ?? "")"
            }
            try output.print(
                ["entries": lines],
                summary: lines.isEmpty ? "There are no such entries" : summary.joined(separator: "\n"))
        }
    }
}
