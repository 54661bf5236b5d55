import ArgumentParser

struct ExpendituresCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "expenditures",
        abstract: "Show where a city's money goes: trends, departments, vendors, outliers, areas.",
        discussion: "docs/spending.md defines the figures.",
        subcommands: [Trends.self, Departments.self, Vendors.self, Outliers.self, Areas.self, Places.self])
}
