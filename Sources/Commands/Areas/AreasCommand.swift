import ArgumentParser
import Domain
import Postgres
import Storage

struct AreasCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "areas", abstract: "Import, list, show and delete layers of areas, and count events in them.",
        subcommands: [Import.self, Derive.self, List.self, Show.self, Count.self, Delete.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "list", abstract: "List the layers of areas.")
        @OptionGroup var database: DatabaseOptions
        @OptionGroup var output: OutputOptions

        private struct Line: Encodable {
            let layer: String
            let name: String
            let areas: Int
            let population: Double?
            let parent: String?
            let approximate: Bool
            let source: String
            let importedAt: String
            let datasets: [String]
        }

        func run() async throws {
            let sql = try Installation.find().sql()
            let lines = try await PostgresConnection.withConnection(try database.postgres()) { connection in
                let store = AreaStore(connection, sql: sql)
                var lines: [Line] = []
                for layer in try await store.layers() {
                    let datasets = try await store.counts(in: layer).map(\.dataset.text)
                    lines.append(
                        Line(
                            layer: layer.slug.text, name: layer.name, areas: layer.areas, population: layer.population,
                            parent: layer.parent?.text, approximate: layer.isApproximate, source: layer.source,
                            importedAt: layer.importedAt.wholeSeconds.description, datasets: datasets))
                }
                return lines
            }
            let summary = lines.map { line in
                let counted = line.datasets.isEmpty ? "" : "  counted: \(line.datasets.joined(separator: ", "))"
                return "\(line.layer)  \(line.areas) areas  \(line.name)\(counted)"
            }
            try output.print(
                ["layers": lines],
                summary: lines.isEmpty ? "There are no layers of areas" : summary.joined(separator: "\n"))
        }
    }

    struct Delete: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "delete", abstract: "Delete a layer with its areas and everything counted in them.")
        @Argument(help: "Slug of the layer.", transform: Slug.argument) var layer: Slug
        @Option(help: "The slug again, to confirm.") var confirm: String
        @OptionGroup var database: DatabaseOptions
        @OptionGroup var output: OutputOptions

        private struct Outcome: Encodable {
            let layer: String
            let areas: Int
        }

        func validate() throws {
            guard confirm == layer.text else { throw ValidationError("--confirm must be the slug of the layer") }
        }

        func run() async throws {
            let sql = try Installation.find().sql()
            let options = try database.postgres()
            let areas = try await audited("areas delete", target: layer.text, options, sql) {
                let areas = try await AreaDeletion(options, sql: sql).delete(layer)
                return (areas, "\(areas) areas")
            }
            try output.print(
                Outcome(layer: layer.text, areas: areas), summary: "Deleted the layer \(layer): \(areas) areas")
        }
    }

    struct Count: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "count", abstract: "Count the events of a dataset by area and day.",
            discussion: """
                Only the events of days that changed are read; the result is that of a full count. Workers do it by \
                themselves after scoring.
                """)
        @Option(help: "Slug of the dataset.", transform: Slug.argument) var dataset: Slug
        @Option(
            parsing: .upToNextOption,
            help: """
                Slugs of layers, one or more. Default: those that were counted before, and those with an event of the \
                dataset in their box.
                """, transform: Slug.argument)
        var layer: [Slug] = []
        @Flag(help: "Count every day again.") var full = false
        @OptionGroup var database: DatabaseOptions
        @OptionGroup var output: OutputOptions

        private struct Outcome: Encodable {
            let dataset: String
            let layers: [Layer]
            let seconds: Double

            struct Layer: Encodable {
                let layer: String
                let days: Int
                let eventsRead: Int
                let events: Int
                let outside: Int
                let firstDay: String?
                let lastDay: String?
            }
        }

        func run() async throws {
            let began = ContinuousClock.now
            let sql = try Installation.find().sql()
            let options = try database.postgres()
            let line = ProgressLine()
            let counted = try await audited("areas count", target: dataset.text, options, sql) {
                let counted = try await AreaCounting(options, sql: sql).run(
                    dataset, layers: layer.isEmpty ? nil : layer, isFull: full
                ) { share, layer in
                    line.show(share: share, "counting events in \(layer)")
                }
                return (counted, "\(counted.count) layers, \(counted.reduce(0) { $0 + $1.eventsRead }) events read")
            }
            line.finish()
            let outcome = Outcome(
                dataset: dataset.text,
                layers: counted.map { counted in
                    Outcome.Layer(
                        layer: counted.layer.text, days: counted.days, eventsRead: counted.eventsRead,
                        events: counted.counts.events, outside: counted.counts.outside,
                        firstDay: (counted.counts.days?.lowerBound).map { "\($0)" },
                        lastDay: (counted.counts.days?.upperBound).map { "\($0)" })
                }, seconds: (ContinuousClock.now - began).inSeconds.rounded(to: 3))
            let lines = outcome.layers.map { layer in
                "\(layer.layer): \(layer.events) events, of which \(layer.outside) are in no area; "
                    + "\(layer.days) days counted again, \(layer.eventsRead) events read"
            }
            try output.print(
                outcome,
                summary: lines.isEmpty
                    ? "No layer has events of \(dataset): name one with --layer" : lines.joined(separator: "\n"))
        }
    }
}
