import ArgumentParser
import Domain
import H3
import Postgres
import Storage

extension AreasCommand {
    struct Derive: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "derive",
            abstract: "Make an approximate layer of the areas that events name.",
            discussion: """
                For areas that have no file of boundaries: each cell belongs to the name that most of its events have \
                in an attribute, and the cells of a name are one area. The layer is marked as approximate. A layer of \
                that slug is replaced.
                """)

        @Option(help: "Slug of the dataset.", transform: Slug.argument)
        var dataset: Slug

        @Option(help: "The attribute of events that names their area, such as neighbourhood.")
        var attribute: String

        @Option(help: "Slug of the layer.", transform: Slug.argument)
        var layer: Slug

        @Option(help: "Resolution of the cells, 0 to 15.")
        var resolution = 9

        @Option(parsing: .upToNextOption, help: "Values of the attribute that name no area.")
        var except: [String] = []

        @Option(help: "Name of the layer for people. Default: the slug.")
        var layerName: String?

        @OptionGroup var database: DatabaseOptions
        @OptionGroup var output: OutputOptions

        private struct Outcome: Encodable {
            let layer: String
            let replaced: Bool
            let approximate: Bool
            let areas: Int
            let events: Int
            let namesWithoutCell: Int
            let resolution: Int
            let recounted: [String]
            let seconds: Double
        }

        func validate() throws {
            guard (0...15).contains(resolution) else { throw ValidationError("--resolution must be 0 to 15") }
            if let layerName, layerName.isEmpty || layerName.utf8.count > AreaImport.longestText {
                throw ValidationError("--layer-name must have 1 to \(AreaImport.longestText) bytes")
            }
        }

        func run() async throws {
            let began = ContinuousClock.now
            let sql = try Installation.find().sql()
            let options = try database.postgres()
            let line = ProgressLine()
            let request = DerivedAreas.Request(
                dataset: dataset, attribute: attribute, layer: layer, name: layerName ?? layer.text,
                resolution: try Resolution(resolution), exceptions: Set(except))
            let done: DerivedAreas.Outcome
            do {
                done = try await audited("areas derive", target: layer.text, options, sql) {
                    let done = try await DerivedAreas(options, sql: sql).make(request) { step in
                        switch step {
                        case .reading(let events): line.show("\(events) events read")
                        case .importing(.reading(let areas)): line.show("\(areas) areas")
                        case .importing(.making(let name, let part, let all)): line.show(part: part, of: all, name)
                        }
                    }
                    return (done, "\(done.made.layer.areas) areas from the events of \(dataset) by \(attribute)")
                }
            } catch {
                line.finish()
                throw error
            }
            line.finish()
            let outcome = Outcome(
                layer: layer.text, replaced: done.made.isReplaced, approximate: true, areas: done.made.layer.areas,
                events: done.events, namesWithoutCell: done.namesWithoutCell, resolution: resolution,
                recounted: done.made.recounted.map(\.text),
                seconds: (ContinuousClock.now - began).inSeconds.rounded(to: 3))
            let without =
                outcome.namesWithoutCell == 0 ? "" : "; \(outcome.namesWithoutCell) names have no cell of their own"
            try output.print(
                outcome,
                summary: """
                    The layer \(layer) has \(outcome.areas) approximate areas from \(outcome.events) events\(without).
                    Its borders are those of cells of resolution \(resolution), not official ones.
                    Next: `areas: \(layer)` in the description of a dataset gives its cells these names
                    """)
        }
    }
}
