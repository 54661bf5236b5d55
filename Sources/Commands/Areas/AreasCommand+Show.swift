import ArgumentParser
import Domain
import Foundation
import Postgres
import Storage

extension AreasCommand {
    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show", abstract: "Show a layer: its areas, gaps and overlaps, and what was counted in it.")
        @Argument(help: "Slug of the layer.", transform: Slug.argument) var layer: Slug
        @OptionGroup var database: DatabaseOptions
        @OptionGroup var output: OutputOptions

        private struct Outcome: Encodable {
            let layer: String
            let name: String
            let areas: Int
            let population: Double?
            let parent: String?
            let approximate: Bool
            let source: String
            let reference: String
            let importedAt: String
            let bounds: [Double]?
            let faults: AreaFaults
            let counts: [Count]

            struct Count: Encodable {
                let dataset: String
                let events: Int
                let outside: Int
                let firstDay: String?
                let lastDay: String?
                let countedAt: String
            }
        }

        func run() async throws {
            let sql = try Installation.find().sql()
            let outcome = try await PostgresConnection.withConnection(try database.postgres()) { connection in
                let store = AreaStore(connection, sql: sql)
                guard let found = try await store.layer(layer) else {
                    throw StorageError(.area, "there is no layer \(layer): `hextant areas list` lists them")
                }
                let counts = try await store.counts(in: found).map { counts in
                    Outcome.Count(
                        dataset: counts.dataset.text, events: counts.events, outside: counts.outside,
                        firstDay: (counts.days?.lowerBound).map { "\($0)" },
                        lastDay: (counts.days?.upperBound).map { "\($0)" },
                        countedAt: counts.countedAt.wholeSeconds.description)
                }
                return Outcome(
                    layer: found.slug.text, name: found.name, areas: found.areas, population: found.population,
                    parent: found.parent?.text, approximate: found.isApproximate, source: found.source,
                    reference: found.reference, importedAt: found.importedAt.wholeSeconds.description,
                    bounds: found.bounds.map { [$0.west, $0.south, $0.east, $0.north] },
                    faults: try AreaFaults(json: found.faults), counts: counts)
            }
            try output.print(outcome, summary: summary(outcome))
        }

        private func summary(_ outcome: Outcome) -> String {
            var lines = [
                "\(outcome.layer)  \(outcome.name)\(outcome.approximate ? "  (approximate borders)" : "")",
                "\(outcome.areas) areas from \(outcome.source) (\(outcome.reference)), imported \(outcome.importedAt)",
            ]
            if let population = outcome.population { lines.append("population \(Int(population.rounded()))") }
            if let parent = outcome.parent { lines.append("parts of \(parent)") }
            lines += outcome.faults.lines
            for count in outcome.counts {
                let days = count.firstDay.map { "\($0) to \(count.lastDay ?? $0)" } ?? "no days"
                lines.append(
                    "\(count.dataset): \(count.events) events, of which \(count.outside) are in no area; \(days)")
            }
            return lines.joined(separator: "\n")
        }
    }
}

/// Repairs, gaps and overlaps of a layer.
struct AreaFaults: Codable {
    struct Place: Codable {
        let kind: String
        let longitude: Double?
        let latitude: Double?
        let m2: Double?
        let areas: [String]
        let reason: String?
    }

    let repaired: Int
    let overlaps: Int
    let overlapM2: Double
    let gaps: Int
    let gapM2: Double
    let places: [Place]

    private enum CodingKeys: String, CodingKey {
        case repaired, overlaps, gaps, places
        case overlapM2 = "overlap_m2"
        case gapM2 = "gap_m2"
    }

    init(json: String) throws {
        self = try JSONDecoder().decode(Self.self, from: Data(json.utf8))
    }

    /// How many places the summary names of each kind.
    private static let mostNamed = 10

    var lines: [String] {
        var lines: [String] = []
        func add(_ kind: String, _ text: String) {
            lines.append(text)
            let all = places.filter { $0.kind == kind }
            lines += all.prefix(Self.mostNamed).map { "  \(Self.text(of: $0))" }
            if all.count > Self.mostNamed { lines.append("  and more (--json)") }
        }
        if repaired > 0 { add("repaired", "\(repaired) area\(repaired == 1 ? "" : "s") repaired:") }
        if overlaps > 0 {
            add("overlap", "\(overlaps) overlap\(overlaps == 1 ? "" : "s"), \(Self.text(of: overlapM2)) in all:")
        }
        if gaps > 0 { add("gap", "\(gaps) gap\(gaps == 1 ? "" : "s"), \(Self.text(of: gapM2)) in all:") }
        return lines
    }

    private static func text(of place: Place) -> String {
        let size = place.m2.map { text(of: $0) }
        let point = place.longitude.flatMap { longitude in
            place.latitude.map { "\(longitude.rounded(to: 6)), \($0.rounded(to: 6))" }
        }
        let areas = place.areas.isEmpty ? nil : place.areas.joined(separator: " and ")
        return [place.reason, size, point.map { "at \($0)" }, areas.map { "area \($0)" }].compactMap { $0 }
            .joined(separator: ", ")
    }

    private static func text(of m2: Double) -> String {
        m2 >= 1e6 ? "\((m2 / 1e6).rounded(to: 3)) km2" : "\(m2.rounded(to: 2)) m2"
    }
}
