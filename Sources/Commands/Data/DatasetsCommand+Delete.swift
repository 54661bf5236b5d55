import ArgumentParser
import Domain

extension DatasetsCommand {
    struct Delete: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "delete",
            abstract: "Delete a dataset and everything stored of it: events, batches, dead letters, runs and scores.")
        @Argument(help: "Slug of the dataset.", transform: Slug.argument) var dataset: Slug
        @Option(help: "The slug again, to confirm. A deleted dataset cannot be restored.") var confirm: String
        @OptionGroup var database: DatabaseOptions
        @OptionGroup var output: OutputOptions

        private struct Outcome: Encodable {
            let dataset: String
            let events: Int
            let batches: Int
        }

        func validate() throws {
            guard confirm == dataset.text else { throw ValidationError("--confirm must be the slug of the dataset") }
        }

        func run() async throws {
            let options = try database.postgres()
            let sql = try Installation.find().sql()
            let deleted = try await audited("datasets delete", target: dataset.text, options, sql) {
                let deleted = try await StoredDatasets(options: options, sql: sql).delete(dataset)
                return (deleted, "\(deleted.events) events, \(deleted.batches) batches")
            }
            try output.print(
                Outcome(dataset: dataset.text, events: deleted.events, batches: deleted.batches),
                summary: "Deleted \(dataset): \(deleted.events) events in \(deleted.batches) batches")
        }
    }
}
