import Accounts
import ArgumentParser
import Domain
import Postgres
import Storage

struct DatasetsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "datasets", abstract: "Add, describe, list, show and delete datasets, and say who sees them.",
        subcommands: [Put.self, List.self, Show.self, Quality.self, Grant.self, Revoke.self, Delete.self])

    struct Put: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "put",
            abstract: "Add a dataset or update its description.")
        @Argument(help: "YAML file with slug, title, licence, attribution and more; see docs/datasets.md.")
        var file: String
        @OptionGroup var database: DatabaseOptions
        @OptionGroup var output: OutputOptions

        private struct Outcome: Encodable {
            let dataset: String
            let added: Bool
            /// The indexes of attributes that were built and dropped; `nil` for none.
            let indexesBuilt: Int?
            let indexesDropped: Int?
        }

        func run() async throws {
            let dataset = try DatasetFile(path: file).dataset
            let isAdded = try await withAccounts(database) { connection, sql in
                let isAdded = try await DatasetStore(connection, sql: sql).put(dataset)
                try await AuditStore(connection, sql: sql).record([
                    AuditEntry(
                        actor: "command", action: "datasets put", target: dataset.slug.text, outcome: .done,
                        detail: "\(isAdded ? "added" : "updated"), \(dataset.visibility.rawValue)")
                ])
                return isAdded
            }
            let indexes = try await QueryableIndexes(
                try database.postgres(), sql: try Installation.find().sql()
            ).bring()
            let built = indexes.built > 0 ? ", and built \(indexes.built) indexes of attributes" : ""
            try output.print(
                Outcome(
                    dataset: dataset.slug.text, added: isAdded, indexesBuilt: indexes.built > 0 ? indexes.built : nil,
                    indexesDropped: indexes.dropped > 0 ? indexes.dropped : nil),
                summary: "\(isAdded ? "Added" : "Updated") dataset \(dataset.slug)\(built)")
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "List datasets and the days served.")
        @OptionGroup var database: DatabaseOptions
        @OptionGroup var output: OutputOptions

        private struct Line: Encodable {
            let dataset: String
            let title: String
            let visibility: String
            let resolutions: [Int]
            let firstDay: String?
            let lastDay: String?
        }

        func run() async throws {
            let statuses = try await withStore(database) { store in
                var statuses: [DatasetStatus] = []
                var page = PageRequest<DatasetStatus>(limit: 1000)
                repeat {
                    let found = try await store.datasets(.all, page)
                    statuses += found.rows
                    page.after = found.next
                } while page.after != nil
                return statuses
            }
            let lines = statuses.map { status in
                Line(
                    dataset: status.dataset.slug.text, title: status.dataset.title,
                    visibility: status.dataset.visibility.rawValue, resolutions: status.dataset.resolutions,
                    firstDay: status.days.map { "\($0.lowerBound)" }, lastDay: status.days.map { "\($0.upperBound)" })
            }
            let summary = lines.map { line in
                let days = line.firstDay.map { "\($0) to \(line.lastDay ?? $0)" } ?? "nothing served yet"
                return "\(line.dataset)  \(line.visibility)  \(days)  \(line.title)"
            }
            try output.print(
                ["datasets": lines],
                summary: lines.isEmpty ? "There are no datasets" : summary.joined(separator: "\n"))
        }
    }
}

private func withStore<Output: Sendable>(
    _ database: DatabaseOptions, _ body: (DatasetStore) async throws -> Output
) async throws -> Output {
    let sql = try Installation.find().sql()
    return try await PostgresConnection.withConnection(try database.postgres()) {
        try await body(DatasetStore($0, sql: sql))
    }
}
