import Areas
import ArgumentParser
import Domain
import Foundation

struct ConvertCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "convert",
        abstract: "Convert a file of areas to GeoJSON or FlatGeobuf in WGS 84.",
        discussion: """
            Reads a shapefile, GeoPackage, KML or GeoJSON, also in a zip archive, and writes GeoJSON (RFC 7946), a \
            GeoJSON sequence or FlatGeobuf, by the ending of OUT: .geojson, .json, .geojsons, .geojsonseq, .geojsonl, \
            .ndjson or .fgb. Needs no database. Heights and measures are left out. OUT appears when it is whole, and \
            replaces a file of that name.
            """)

    @Argument(help: "The file to convert; of a shapefile the .shp or the zip archive.")
    var input: String

    @Argument(help: "The file to write.")
    var output: String

    @Option(
        help: ArgumentHelp(
            "Reference system of the input, where the file does not state it, or states a wrong one.",
            valueName: "EPSG:N"))
    var crs: String?

    @Option(help: "Layer to convert, where the input has several.")
    var layer: String?

    @Flag(help: "Leave out vertices that matter least; borders that areas share stay shared.")
    var simplify = false

    @Option(
        help: """
            With --simplify: the side, in degrees, of a square as large as the largest triangle that a vertex which is \
            left out makes with its neighbours. 0.001 is about 100 m. Default: 0.001.
            """)
    var tolerance: Double?

    @Flag(help: "Write the centroid of each record in place of its geometry.")
    var centroids = false

    @Option(help: "Properties to keep, with commas between, in this order. Default: all.")
    var properties: String?

    @OptionGroup var outputOptions: OutputOptions

    private struct Outcome: Encodable {
        let output: String
        let format: String
        let records: Int
        let withoutGeometry: Int
        let vertices: Int
        let verticesBefore: Int?
        let reference: String
        let bytes: Int
        let notes: [String]
        let seconds: Double
    }

    func validate() throws {
        if let tolerance {
            guard simplify else { throw ValidationError("--tolerance needs --simplify") }
            guard tolerance > 0, tolerance <= 10 else {
                throw ValidationError("--tolerance is a number of degrees above 0 and at most 10")
            }
        }
        if let properties, names(properties).isEmpty { throw ValidationError("--properties names no property") }
    }

    func run() async throws {
        var options = AreaConversion.Options()
        options.crs = crs
        options.layer = layer
        options.tolerance = simplify ? tolerance ?? 0.001 : nil
        options.isOfCentroids = centroids
        options.properties = properties.map(names)
        let began = ContinuousClock.now
        let line = ProgressLine()
        let found: AreaConversion.Outcome
        do {
            found = try AreaConversion(from: input, to: output, options).run { progress in
                switch progress.step {
                case .columns: line.show(share: progress.share, count: Int64(progress.records), of: "records looked at")
                case .records: line.show(share: progress.share, count: Int64(progress.records), of: "records")
                case .simplification: line.show("simplifying \(progress.records) records together")
                }
            }
        } catch {
            line.finish()
            throw error
        }
        line.finish()
        let outcome = Outcome(
            output: output, format: found.format.rawValue, records: found.records,
            withoutGeometry: found.withoutGeometry, vertices: found.vertices, verticesBefore: found.verticesBefore,
            reference: found.reference, bytes: found.bytes, notes: found.notes,
            seconds: (ContinuousClock.now - began).inSeconds.rounded(to: 3))
        try outputOptions.print(outcome, summary: summary(outcome))
    }

    private func names(_ list: String) -> [String] {
        list.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
    }

    private func summary(_ outcome: Outcome) -> String {
        let before = outcome.verticesBefore.map { " of \($0)" } ?? ""
        let lines = [
            "\(outcome.output): \(outcome.format), \(outcome.records) records, \(outcome.vertices)\(before) vertices, "
                + "\(outcome.bytes) bytes, from \(outcome.reference), in \(outcome.seconds) s"
        ]
        return (lines + outcome.notes).joined(separator: "\n")
    }
}
