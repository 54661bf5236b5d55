import ArgumentParser
import Domain
import Postgres
import Spending
import Storage

struct ExpendituresCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "expenditures",
        abstract: "Payments, in datasets that hold expenditures: list them, and show where the money goes.",
        discussion: """
            `hextant ingest` reads them from files and `hextant feeds run` from feeds; docs/spending.md tells how. \
            docs/spending-figures.md defines the figures.
            """,
        subcommands: [
            List.self, Status.self, VendorName.self, Trends.self, Departments.self, Vendors.self, Outliers.self,
            Areas.self, Places.self,
        ])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "List expenditures in the order in which they were stored.")
        @Option(help: "Slug of the dataset.", transform: Slug.argument) var dataset: Slug
        @Option(help: "Only those of a fiscal year, named by the year in which it ends.") var fiscalYear: Int?
        @Option(help: "Only those to a vendor, in any of its spellings.") var vendor: String?
        @Option(help: "Only those of a department.") var department: String?
        @Option(help: "Only those with ids above this one.") var after: Int64 = 0
        @Option(help: "How many are listed at most, 1 to 1000.") var limit = 50
        @OptionGroup var database: DatabaseOptions
        @OptionGroup var output: OutputOptions

        private struct Line: Encodable {
            let id: Int64
            let sourceId: String
            let fiscalYear: Int?
            let entered: String?
            let vendor: String?
            let vendorKey: String?
            let department: String?
            let account: String?
            let accountDescription: String?
            let organisation: String?
            /// The amount with two decimals, as a text, so that no reader rounds it.
            let amount: String
            let version: Int64
            let batch: Int64?

            init(_ row: Expenditure) {
                id = row.id
                sourceId = row.sourceID
                fiscalYear = row.fields.fiscalYear
                entered = row.fields.entered?.description
                vendor = row.fields.vendor
                vendorKey = row.vendorKey
                department = row.fields.department
                account = row.fields.account
                accountDescription = row.fields.accountDescription
                organisation = row.fields.organisation
                amount = row.fields.amount.description
                version = row.version
                batch = row.batch
            }

            var summary: String {
                let texts = [entered, vendor, department, accountDescription ?? account]
                return ([String(id), amount] + texts.compactMap { $0 }).joined(separator: "  ")
            }
        }

        func validate() throws { try ListLimit.check(limit) }

        func run() async throws {
            let sql = try Installation.find().sql()
            var query = ExpenditureQuery(dataset: dataset)
            query.fiscalYear = fiscalYear
            query.vendorKey = vendor.map { VendorKey.key(of: $0) }
            query.department = department
            let asked = query
            let lines = try await PostgresConnection.withConnection(try database.postgres()) { connection in
                guard try await DatasetStore(connection, sql: sql).dataset(dataset).holds == .expenditures else {
                    throw StorageError(.contents, "the dataset \(dataset) holds events, not expenditures")
                }
                return try await ExpenditureStore(connection, writers: connection, sql: sql)
                    .expenditures(asked, PageRequest(after: after, limit: limit)).rows.map(Line.init)
            }
            try output.print(
                ["expenditures": lines],
                summary: lines.isEmpty
                    ? "There are no such expenditures" : lines.map(\.summary).joined(separator: "\n"))
        }
    }

    struct Status: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "status", abstract: "Show what is stored of a dataset of expenditures, and how batches went.")
        @Argument(help: "Slug of the dataset.", transform: Slug.argument) var dataset: Slug
        @OptionGroup var database: DatabaseOptions
        @OptionGroup var output: OutputOptions

        private struct Outcome: Encodable {
            let dataset: String
            let expenditures: Int
            let total: String?
            let firstEntered: String?
            let lastEntered: String?
            let version: Int64
            let batches: Int
            let failedBatches: Int
            let accepted: Int
            let duplicate: Int
            let rejected: Int
            let deadLettersOpen: Int
            let runningBatch: Int64?
            let lastFinished: String?
        }

        func run() async throws {
            let sql = try Installation.find().sql()
            let found = try await PostgresConnection.withConnection(try database.postgres()) { connection in
                try await ExpenditureStore(connection, writers: connection, sql: sql).status(of: dataset)
            }
            guard let found else {
                throw StorageError(.contents, "there is no dataset \(dataset) that holds expenditures")
            }
            let outcome = Outcome(
                dataset: dataset.text, expenditures: found.rows, total: found.total,
                firstEntered: found.entered?.lowerBound.description,
                lastEntered: found.entered?.upperBound.description, version: found.version, batches: found.batches,
                failedBatches: found.failedBatches, accepted: found.accepted, duplicate: found.duplicate,
                rejected: found.rejected, deadLettersOpen: found.openDeadLetters, runningBatch: found.runningBatch,
                lastFinished: found.lastFinished?.wholeSeconds.description)
            let days = outcome.firstEntered.map { ", entered \($0) to \(outcome.lastEntered ?? $0)" } ?? ""
            let running = outcome.runningBatch.map { "\nbatch \($0) is being written" } ?? ""
            try output.print(
                outcome,
                summary: """
                    \(dataset): \(outcome.expenditures) expenditures of \(outcome.total ?? "0.00") in all\(days)
                    \(outcome.batches) batches (\(outcome.failedBatches) failed): \(outcome.accepted) accepted, \
                    \(outcome.duplicate) duplicate, \(outcome.rejected) rejected; \(outcome.deadLettersOpen) dead \
                    letters are open; last finished \(outcome.lastFinished ?? "never")\(running)
                    """)
        }
    }

    struct VendorName: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "vendor-key", abstract: "Show the key under which the spellings of vendors are one.")
        @Argument(help: "Names of vendors.") var names: [String]
        @OptionGroup var output: OutputOptions

        private struct Line: Encodable {
            let name: String
            let key: String
        }

        func run() throws {
            let lines = names.map { Line(name: $0, key: VendorKey.key(of: $0)) }
            try output.print(["vendors": lines], summary: lines.map { "\($0.key)  \($0.name)" }.joined(separator: "\n"))
        }
    }
}
