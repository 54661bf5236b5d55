import ArgumentParser
import Postgres
import Storage

struct MigrateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate",
        abstract: "Apply or roll back migrations of the database's schema.",
        subcommands: [Up.self, Down.self, Status.self])

    struct Up: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "up",
            abstract: "Apply the migrations that are missing, and tidy the partitions of events.")
        @OptionGroup var database: DatabaseOptions
        @OptionGroup var output: OutputOptions

        private struct Outcome: Encodable {
            let applied: [String]
            /// Left out where there was nothing to tidy.
            let partitionsDropped: Int?
            let partitionsMerged: Int?
        }

        func run() async throws {
            let done = try await withMigrator(database) { try await $0.up() }
            let tidied = try await PostgresConnection.withConnection(try database.postgres()) { connection in
                try await PartitionUpkeep.run(on: connection)
            }
            var summary = done.isEmpty ? "The schema is up to date" : "Applied \(done.joined(separator: ", "))"
            let isTidied = tidied != PartitionUpkeep.Tidied()
            if isTidied {
                summary += "\nDropped \(tidied.dropped) empty partitions of events, merged \(tidied.merged) small ones"
            }
            try output.print(
                Outcome(
                    applied: done, partitionsDropped: isTidied ? tidied.dropped : nil,
                    partitionsMerged: isTidied ? tidied.merged : nil),
                summary: summary)
        }
    }

    struct Down: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "down",
            abstract: "Roll back migrations, newest first. Tables they created are dropped with their data.")
        @Option(help: "How many migrations; 1 unless --all is given.") var steps: Int?
        @Flag(help: "Roll back all migrations.") var all = false
        @OptionGroup var database: DatabaseOptions
        @OptionGroup var output: OutputOptions

        func validate() throws {
            if let steps, steps < 1 { throw ValidationError("--steps must be 1 or more") }
            if all, steps != nil { throw ValidationError("give --steps or --all, not both") }
        }

        func run() async throws {
            let done = try await withMigrator(database) { try await $0.down(steps: all ? nil : steps ?? 1) }
            try output.print(
                ["reverted": done],
                summary: done.isEmpty ? "There is nothing to roll back" : "Rolled back \(done.joined(separator: ", "))")
        }
    }

    struct Status: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "status", abstract: "List the migrations, applied and missing.")
        @OptionGroup var database: DatabaseOptions
        @OptionGroup var output: OutputOptions

        private struct Line: Encodable {
            let name: String
            let applied: Bool
        }

        func run() async throws {
            let lines = try await withMigrator(database) { try await $0.status() }
                .map { Line(name: $0.name, applied: $0.isApplied) }
            try output.print(
                ["migrations": lines],
                summary: lines.map { "\($0.applied ? "applied" : "missing")  \($0.name)" }.joined(separator: "\n"))
        }
    }
}

private func withMigrator<Output: Sendable>(
    _ database: DatabaseOptions, _ body: (Migrator) async throws -> Output
) async throws -> Output {
    let migrations = try Installation.find().migrations()
    return try await PostgresConnection.withConnection(try database.postgres()) { connection in
        try await body(Migrator(connection, migrations: migrations))
    }
}
