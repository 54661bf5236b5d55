import ArgumentParser
import Domain
import Foundation
import Postgres
import Storage

extension DatasetsCommand {
    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show", abstract: "Show the description of a dataset, as `put` takes it, and what is stored.")
        @Argument(help: "Slug of the dataset.", transform: Slug.argument) var dataset: Slug
        @OptionGroup var database: DatabaseOptions
        @OptionGroup var output: OutputOptions

        private struct Outcome: Encodable {
            let description: Description
            let events: Int
            let batches: Int
            let deadLettersOpen: Int
            let lastIngest: String?
            let firstDay: String?
            let lastDay: String?
            let lastRun: Int64?
            let lastRunState: String?
            let users: [String]
        }

        /// The keys of a description in the order of docs/datasets.md.
        private struct Description: Encodable {
            struct Weights: Encodable {
                let count: Double
                let growth: Double
                let average: Double
            }

            struct Levels: Encodable {
                let medium: Double
                let high: Double
                let critical: Double
            }

            let slug: String
            let holds: String
            let title: String
            let licence: String
            let licenceUrl: String?
            let attribution: String
            let timeZone: String
            let visibility: String
            let resolutions: [Int]
            let groups: [String: [String]]
            let weights: Weights
            let levels: Levels
            let flagZ: Double
            let retentionDays: Int?
            let queryables: [String: String]?
            let eventWeights: [String: Double]
            let areas: String?
            let minimumCount: Int?
            let expect: ExpectationDescription

            init(_ dataset: Dataset) {
                slug = dataset.slug.text
                holds = dataset.holds.rawValue
                title = dataset.title
                licence = dataset.licence
                licenceUrl = dataset.licenceURL
                attribution = dataset.attribution
                timeZone = dataset.timeZone
                visibility = dataset.visibility.rawValue
                resolutions = dataset.resolutions
                groups = Dictionary(uniqueKeysWithValues: dataset.groups.map { ($0.name.text, $0.types) })
                weights = Weights(
                    count: dataset.weights.count, growth: dataset.weights.growth, average: dataset.weights.average)
                levels = Levels(
                    medium: dataset.thresholds.medium, high: dataset.thresholds.high,
                    critical: dataset.thresholds.critical)
                flagZ = dataset.thresholds.flagZ
                retentionDays = dataset.retentionDays
                queryables =
                    dataset.queryables.isEmpty
                    ? nil : Dictionary(dataset.queryables.map { ($0.name, $0.kind.rawValue) }) { $1 }
                eventWeights = dataset.eventWeights
                areas = dataset.areas?.text
                minimumCount = dataset.minimumCount
                expect = ExpectationDescription(dataset.expect)
            }

            /// The description in YAML. Texts are written as JSON, which is YAML too.
            func yaml() throws -> String {
                let encoder = JSONEncoder()
                encoder.outputFormatting = [.withoutEscapingSlashes, .sortedKeys]
                func text(_ value: some Encodable) throws -> String {
                    String(decoding: try encoder.encode(value), as: UTF8.self)
                }
                var lines = [
                    "slug: \(slug)", "holds: \(holds)", "title: \(try text(title))", "licence: \(try text(licence))",
                ]
                if let licenceUrl { lines.append("licence_url: \(try text(licenceUrl))") }
                lines += [
                    "attribution: \(try text(attribution))", "time_zone: \(timeZone)", "visibility: \(visibility)",
                    "resolutions: \(resolutions)",
                ]
                if !groups.isEmpty { lines.append("groups: \(try text(groups))") }
                lines += [
                    "weights: {count: \(weights.count), growth: \(weights.growth), average: \(weights.average)}",
                    "levels: {medium: \(levels.medium), high: \(levels.high), critical: \(levels.critical)}",
                    "flag_z: \(flagZ)",
                ]
                if let retentionDays { lines.append("retention_days: \(retentionDays)") }
                if let queryables {
                    let pairs = try queryables.sorted { $0.key < $1.key }.map { "\(try text($0.key)): \($0.value)" }
                    lines.append("queryables: {\(pairs.joined(separator: ", "))}")
                }
                if !eventWeights.isEmpty {
                    let weights = try eventWeights.sorted { $0.key < $1.key }.map { "\(try text($0.key)): \($0.value)" }
                    lines.append("event_weights: {\(weights.joined(separator: ", "))}")
                }
                if let areas { lines.append("areas: \(areas)") }
                if let minimumCount { lines.append("minimum_count: \(minimumCount)") }
                let expected = try text(expect)
                if expected != "{}" { lines.append("expect: \(expected)") }
                return lines.joined(separator: "\n")
            }
        }

        func run() async throws {
            let sql = try Installation.find().sql()
            let outcome = try await PostgresConnection.withConnection(try database.postgres()) { connection in
                let store = DatasetStore(connection, sql: sql)
                let described = try await store.dataset(dataset)
                let contents = try await store.contents(of: dataset)
                let days = try await store.status(of: dataset)?.days
                let last = try await RunStore(connection, writers: connection, sql: sql)
                    .runs(RunQuery(dataset: dataset), PageRequest(limit: 1)).rows.first
                let users = try await UserStore(connection, sql: sql).users()
                    .filter { $0.grants.contains(dataset) }.map(\.name)
                return Outcome(
                    description: Description(described), events: contents.events, batches: contents.batches,
                    deadLettersOpen: contents.deadLetters, lastIngest: contents.lastIngest?.wholeSeconds.description,
                    firstDay: days.map { "\($0.lowerBound)" }, lastDay: days.map { "\($0.upperBound)" },
                    lastRun: last?.id, lastRunState: last?.state.rawValue, users: users)
            }
            let served = outcome.firstDay.map { "\($0) to \(outcome.lastDay ?? $0)" } ?? "nothing yet"
            let letters = outcome.deadLettersOpen == 0 ? "" : ", \(outcome.deadLettersOpen) records rejected"
            let summary = [
                try outcome.description.yaml(),
                "# events: \(outcome.events) in \(outcome.batches) batches\(letters)",
                "# last ingest: \(outcome.lastIngest ?? "never")", "# days served: \(served)",
                "# last run: \(outcome.lastRun.map { "\($0), \(outcome.lastRunState ?? "?")" } ?? "none")",
            ]
            let grants = outcome.users.isEmpty ? [] : ["# granted to: \(outcome.users.joined(separator: ", "))"]
            try output.print(outcome, summary: (summary + grants).joined(separator: "\n"))
        }
    }
}
