import ArgumentParser
import Domain
import Postgres
import Server
import Spending
import Storage

extension ExpendituresCommand {
    /// The option for JSON, whose amounts are exact numbers with two decimals.
    struct Output: ParsableArguments {
        @Flag(help: "Print one JSON object, as the API answers, instead of a table.")
        var json = false
    }

    struct Trends: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "trends", abstract: "Sums by month, quarter or fiscal year, or within departments or accounts."
        )

        @Option(help: "month, quarter, fiscal_year, department or account.")
        var by = SpendingTrends.Division.month
        @OptionGroup var selection: SpendingOptions
        @OptionGroup var database: DatabaseOptions
        @OptionGroup var output: Output

        func run() async throws {
            try await selection.show(try database.postgres(), output) { [by] table, filter in
                SpendingTrends(table, filter, by: by).table(table)
            }
        }
    }

    struct Departments: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "departments", abstract: "What each department spends, on how many vendors, and how it grew.")
        @OptionGroup var selection: SpendingOptions
        @OptionGroup var database: DatabaseOptions
        @OptionGroup var output: Output

        func run() async throws {
            try await selection.show(try database.postgres(), output) { DepartmentInsights($0, $1).table($0) }
        }
    }

    struct Vendors: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "vendors", abstract: "What each vendor gets, and how concentrated that is.")
        @OptionGroup var selection: SpendingOptions
        @OptionGroup var database: DatabaseOptions
        @OptionGroup var output: Output

        func run() async throws {
            try await selection.show(try database.postgres(), output) { VendorConcentration($0, $1).table($0) }
        }
    }

    struct Outliers: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "outliers", abstract: "Payments far from what their department usually pays on the account.")
        @OptionGroup var selection: SpendingOptions
        @OptionGroup var database: DatabaseOptions
        @OptionGroup var output: Output

        func run() async throws {
            try await selection.show(try database.postgres(), output) { SpendingOutliers($0, $1).table($0) }
        }
    }
}

extension SpendingTrends.Division: ExpressibleByArgument {}

extension SpendingOptions {
    /// Prints the table that is made of the chosen expenditures.
    fileprivate func show(
        _ options: PostgresOptions, _ output: ExpendituresCommand.Output,
        _ make: @escaping @Sendable (ExpenditureTable, ExpenditureFilter) -> SpendingTable
    ) async throws {
        let filter = filter
        let (table, dataset) = try await withStore(options) { store, dataset, version in
            (try await store.figures(of: dataset, version, filter) { make($0, filter) }, dataset)
        }
        print(table, of: dataset, asJSON: output.json)
    }
}
