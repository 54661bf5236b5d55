import ArgumentParser
import Domain
import Foundation
import Postgres
import Server
import Spending
import Storage

extension ExpenditurePlace.Kind: ExpressibleByArgument {}

extension ExpendituresCommand {
    struct Areas: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "areas",
            abstract: "What is spent in the areas of a layer, by the places of departments or vendors.")

        @Option(help: "Slug of the layer.", transform: Slug.argument)
        var layer: Slug
        @Option(help: "What has places: department or vendor.")
        var of = ExpenditurePlace.Kind.department
        @OptionGroup var selection: SpendingOptions
        @OptionGroup var database: DatabaseOptions
        @OptionGroup var output: Output

        func run() async throws {
            let options = try database.postgres()
            let sql = try Installation.find().sql()
            let filter = selection.filter
            let (table, dataset) = try await selection.withStore(options) { store, dataset, version in
                let areas = try await PostgresConnection.withConnection(options) { connection in
                    let areas = AreaStore(connection, sql: sql)
                    guard let found = try await areas.layer(layer) else {
                        throw StorageError(.area, "there is no layer \(layer): `hextant areas list` lists them")
                    }
                    return try await areas.areas(of: found)
                }
                let places = try await store.places(of: dataset, of)
                let spent = try await store.figures(of: dataset, version, filter) { [of] table in
                    PlacedSpending(table, filter, places, of: of)
                }
                let numbers = try await store.areas(of: areas.layer, at: places)
                return (AreaSpending(areas, spent, numbers, of: of).table, dataset)
            }
            selection.print(table, of: dataset, asJSON: output.json)
        }
    }

    struct Places: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "places",
            abstract: "Say where departments or vendors are, in place of what was said before.",
            discussion: """
                The file is CSV with the columns name, longitude and latitude, in degrees of WGS 84. Names are those \
                of departments as they are written, or those of vendors in any spelling that the rule for vendors \
                makes one.
                """)

        @Argument(help: "The CSV file.")
        var file: String
        @Option(help: "What the names are of: department or vendor.")
        var of = ExpenditurePlace.Kind.department
        @Option(help: "Slug of the dataset.", transform: Slug.argument)
        var dataset: Slug
        @OptionGroup var database: DatabaseOptions
        @OptionGroup var output: OutputOptions

        private struct Outcome: Encodable {
            let dataset: String
            let of: String
            let places: Int
            let unused: Int
        }

        func run() async throws {
            let options = try database.postgres()
            let sql = try Installation.find().sql()
            let places = try PlaceFile(path: file, of: of).places
            let unused = try await audited("expenditures places", target: dataset.text, options, sql) {
                let unused = try await PostgresConnection.withConnection(options) { connection in
                    try await ExpenditurePlaceWriter(connection, sql: sql).put(places, of: of, in: dataset)
                }
                return (unused, detail: "\(places.count) places of \(of.rawValue)s from \(file)")
            }
            let outcome = Outcome(dataset: dataset.text, of: of.rawValue, places: places.count, unused: unused)
            let missing = unused == 0 ? "" : "; \(unused) of them have no expenditure"
            try output.print(outcome, summary: "\(places.count) places of \(of.rawValue)s of \(dataset)\(missing)")
        }
    }
}
