import Areas
import ArgumentParser
import Domain
import Foundation
import Postgres
import Storage

extension AreasCommand {
    struct Import: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "import",
            abstract: "Import a layer of areas, or replace one.",
            discussion: """
                Reads a shapefile, GeoPackage, KML or GeoJSON, also in a zip archive. Geometries are made valid; gaps \
                and overlaps are reported. The layer appears when it is whole; until then the old one is there.
                """)

        @Argument(help: "The file; of a shapefile the .shp or the zip archive.")
        var file: String

        @Option(help: "Slug of the layer.", transform: Slug.argument)
        var layer: Slug

        @Option(help: "Column with the ids, which must be unique.")
        var id: String

        @Option(help: "Column with the names.")
        var name: String

        @Flag(
            help: """
                Make one area of records with the same id, whose names and populations must be the same. Otherwise \
                they are refused.
                """)
        var merge = false

        @Option(help: "Column with the population, or a file with it: CSV, also packed, or XLSX.")
        var population: String?

        @Option(help: "In a population file, the column with the ids of the areas. Default: the first.")
        var populationID: String?

        @Option(
            help: """
                In a population file, the column with the numbers. Default: "population", or the one with "pop" in its \
                name.
                """)
        var populationColumn: String?

        @Option(
            parsing: .upToNextOption,
            help: """
                In a population file, only rows with these values, such as Year=2014. The numbers of an area are added \
                up.
                """)
        var populationWhere: [String] = []

        @Option(help: "Slug of the layer that the areas are parts of.", transform: Slug.argument)
        var parent: Slug?

        @Option(
            help: ArgumentHelp(
                "Reference system of the file, where it does not state it, or states a wrong one.",
                valueName: "EPSG:N"))
        var crs: String?

        @Option(help: "Layer of the file, where it has several.")
        var fileLayer: String?

        @Option(help: "Name of the layer for people. Default: the slug.")
        var layerName: String?

        @OptionGroup var database: DatabaseOptions
        @OptionGroup var output: OutputOptions

        private struct Outcome: Encodable {
            let layer: String
            let replaced: Bool
            let areas: Int
            let population: Double?
            let withoutPopulation: Int
            let withoutPolygon: Int
            let reference: String
            let faults: AreaFaults
            let recounted: [String]
            let notes: [String]
            let seconds: Double
        }

        func validate() throws {
            if let layerName, layerName.isEmpty || layerName.utf8.count > AreaImport.longestText {
                throw ValidationError("--layer-name must have 1 to \(AreaImport.longestText) bytes")
            }
            guard populationWhere.allSatisfy({ $0.contains("=") }) else {
                throw ValidationError("--population-where must be like COLUMN=VALUE")
            }
            let options: [(String, Bool)] = [
                ("--population-id", populationID != nil), ("--population-column", populationColumn != nil),
                ("--population-where", !populationWhere.isEmpty),
            ]
            for (name, isGiven) in options where isGiven && !isPopulationFile {
                throw ValidationError("\(name) needs a file with --population")
            }
        }

        private var isPopulationFile: Bool { population.map { FileManager.default.fileExists(atPath: $0) } ?? false }

        func run() async throws {
            let began = ContinuousClock.now
            let sql = try Installation.find().sql()
            let options = try database.postgres()
            let line = ProgressLine()
            let reader = try AreaReader(try AreaFile(path: file), layer: fileLayer, crs: crs)
            var columns = AreaColumns(reader, id: id, name: name)
            if let population {
                if isPopulationFile {
                    columns.populations = try PopulationFile(
                        path: population, id: populationID, column: populationColumn, conditions: populationWhere)
                } else {
                    columns.population = population
                }
            }
            try columns.check()
            let description = AreaImport.Description(
                slug: layer, name: layerName ?? layer.text, parent: parent,
                source: URL(fileURLWithPath: file).lastPathComponent, reference: reader.referenceName,
                mergesParts: merge)
            let done: AreaImport.Outcome
            do {
                done = try await audited("areas import", target: layer.text, options, sql) {
                    let done = try await AreaImport(options, sql: sql).run(description, next: { try columns.next() }) {
                        step in
                        switch step {
                        case .reading(let areas):
                            line.show(share: reader.share, count: Int64(areas), of: "areas")
                        case .making(let name, let part, let all): line.show(part: part, of: all, name)
                        }
                    }
                    return (done, "\(done.layer.areas) areas from \(description.source)")
                }
            } catch {
                line.finish()
                throw error
            }
            line.finish()
            let outcome = Outcome(
                layer: layer.text, replaced: done.isReplaced, areas: done.layer.areas,
                population: done.layer.population, withoutPopulation: columns.withoutPopulation,
                withoutPolygon: done.withoutPolygon + columns.withoutGeometry, reference: done.layer.reference,
                faults: try AreaFaults(json: done.layer.faults), recounted: done.recounted.map(\.text),
                notes: reader.notes + columns.notes,
                seconds: (ContinuousClock.now - began).inSeconds.rounded(to: 3))
            try output.print(outcome, summary: summary(outcome))
        }

        private func summary(_ outcome: Outcome) -> String {
            var lines = [
                "\(outcome.replaced ? "Replaced" : "Imported") the layer \(outcome.layer): "
                    + "\(outcome.areas) areas, from \(outcome.reference), in \(outcome.seconds) s"
            ]
            if let population = outcome.population {
                let missing = outcome.withoutPopulation > 0 ? ", \(outcome.withoutPopulation) areas without any" : ""
                lines.append("population \(Int(population.rounded()))\(missing)")
            }
            if outcome.withoutPolygon > 0 {
                lines.append("\(outcome.withoutPolygon) records without a polygon: left out")
            }
            lines += outcome.faults.lines + outcome.notes
            lines.append(
                outcome.recounted.isEmpty
                    ? "Count events with: hextant areas count --dataset SLUG --layer \(outcome.layer)"
                    : "Workers will count again: \(outcome.recounted.joined(separator: ", "))")
            return lines.joined(separator: "\n")
        }
    }
}
