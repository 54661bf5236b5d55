import ArgumentParser
import Domain
import Foundation
import Postgres
import Storage
import Work

struct EvaluateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate",
        abstract: "Evaluate a dataset's forecasts on days that have passed, beside simpler ones.",
        discussion: """
            Each forecast is made of the days before it alone. The outcome is stored, and `/v1/outlook/evaluation` \
            gives it. docs/outlook.md explains the measures. Exit status 1 means that a rival is ahead.
            """)

    @Option(help: "Slug of the dataset.", transform: Slug.argument)
    var dataset: Slug

    @Option(
        parsing: .upToNextOption, help: "H3 resolutions, 0 to 15, one or more. Default: those of the dataset.")
    var resolution: [Int] = []

    @Option(help: "First day that is forecast, YYYY-MM-DD. Default: half a year up to the last one.")
    var from: String?

    @Option(help: "Last day that is forecast, YYYY-MM-DD. Default: the last day with events.")
    var to: String?

    @Option(help: "Days of each forecast, 1 to 28; one is made every week, or every day below 7.")
    var horizon = OutlookOrder.usualHorizon

    @Option(help: "Kind of events: all, or a group of event types that the dataset names.")
    var kind = EventKind.nameOfAll

    @OptionGroup var database: DatabaseOptions
    @OptionGroup var output: OutputOptions

    private struct Outcome: Encodable {
        struct Evaluation: Encodable {
            let id: Int64
            let resolution: Int
            let cells: Int
            let origins: Int
            let outside: Int
            let isBehind: Bool
            let bestRival: String?
            let methods: [Method]
            let comparisons: [Comparison]
        }

        let dataset: String
        let kind: String
        let horizon: Int
        let from: String?
        let to: String?
        let evaluations: [Evaluation]
        let seconds: Double
    }

    /// The scores of a method, as the store keeps them.
    private struct Method: Codable {
        struct Bin: Codable {
            let below: Double
            let forecasts: Int
            let stated: Double
            let happened: Int
        }

        let name: String
        let logScore: Double
        let poissonLogScore: Double
        let crps: Double
        let poissonCrps: Double
        let expected: Double
        let events: Double
        let hitRate: [Double]
        let pai: [Double]
        let pei: [Double]
        let coverage50: Double
        let coverage90: Double
        let reliability: [Bin]

        enum CodingKeys: String, CodingKey {
            case name, expected, events, crps, pai, pei, reliability
            case logScore = "log_score"
            case poissonLogScore = "poisson_log_score"
            case poissonCrps = "poisson_crps"
            case hitRate = "hit_rate"
            case coverage50 = "coverage_50"
            case coverage90 = "coverage_90"
        }
    }

    private struct Comparison: Codable {
        struct Difference: Codable {
            let value: Double
            let low: Double
            let high: Double
        }

        let rival: String
        let logScore: Difference
        let crps: Difference
        let pai: [Difference]

        enum CodingKeys: String, CodingKey {
            case rival, crps, pai
            case logScore = "log_score"
        }
    }

    func validate() throws {
        guard resolution.allSatisfy((0...15).contains) else {
            throw ValidationError("--resolution must be 0 to 15")
        }
        if let from = try day(from), let to = try day(to), to < from {
            throw ValidationError("--to \(to) is before --from \(from)")
        }
        guard OutlookOrder.horizons.contains(horizon) else {
            throw ValidationError("--horizon must be 1 to \(OutlookOrder.horizons.upperBound) days")
        }
        guard EventKind(kind) != nil else { throw ValidationError("--kind must be all or the name of a group") }
    }

    func run() async throws {
        let began = ContinuousClock.now
        let sql = try Installation.find().sql()
        let options = try database.postgres()
        let line = ProgressLine()
        let done = try await audited("evaluate", target: dataset.text, options, sql) {
            let target = try await PostgresConnection.withConnection(options) { connection in
                try await DatasetStore(connection, sql: sql).datasetOfEvents(dataset)
            }
            let order = EvaluationOrder(
                dataset: dataset, resolutions: Set(resolution).sorted(), kind: EventKind(kind) ?? .all,
                horizon: horizon, from: try day(from), to: try day(to))
            let done = try await EvaluationRun(options, sql: sql).run(.init(dataset: target, order: order)) { step in
                switch step {
                case .counting(let share): line.show(share: share, "counting events")
                case .evaluating(let resolution, let done, let all):
                    line.show(part: done, of: all, "evaluating resolution \(resolution)")
                }
            }
            return (done, "\(done.count) evaluations, \(done.count(where: \.isBehind)) behind a rival")
        }
        line.finish()
        let outcome = Outcome(
            dataset: dataset.text, kind: kind, horizon: horizon, from: done.first.map { "\($0.days.lowerBound)" },
            to: done.first.map { "\($0.days.upperBound)" }, evaluations: try done.map(Self.read),
            seconds: (ContinuousClock.now - began).inSeconds.rounded(to: 3))
        try output.print(outcome, summary: outcome.evaluations.map(Self.table).joined(separator: "\n\n"))
        if outcome.evaluations.contains(where: \.isBehind) { throw ExitStatus.failure }
    }

    private static func read(_ stored: OutlookEvaluation) throws -> Outcome.Evaluation {
        let decoder = JSONDecoder()
        return Outcome.Evaluation(
            id: stored.id, resolution: stored.resolution, cells: stored.cells, origins: stored.origins,
            outside: stored.outside, isBehind: stored.isBehind, bestRival: stored.bestRival,
            methods: try decoder.decode([Method].self, from: Data(stored.methods.utf8)),
            comparisons: try decoder.decode([Comparison].self, from: Data(stored.comparisons.utf8)))
    }

    /// The methods as a table, one a line.
    private static func table(_ evaluation: Outcome.Evaluation) -> String {
        func shares(_ values: [Double], _ digits: Int) -> String {
            values.map { "\($0.rounded(to: digits))" }.joined(separator: " / ")
        }
        let head = ["method", "log score", "CRPS", "PAI 1 / 2.5 / 5 %", "PEI", "cover 50 / 90 %"]
        let lines = evaluation.methods.map { method in
            [
                method.name, "\(method.logScore.rounded(to: 5))", "\(method.crps.rounded(to: 5))",
                shares(method.pai, 2), shares(method.pei, 3), shares([method.coverage50, method.coverage90], 3),
            ]
        }
        let widths = head.indices.map { column in ([head] + lines).map { $0[column].count }.max() ?? 0 }
        let text = ([head] + lines).map { line in
            zip(line, widths).map { $0.padding(toLength: $1, withPad: " ", startingAt: 0) }.joined(separator: "  ")
        }
        let verdict =
            evaluation.isBehind
            ? "A rival is ahead of the outlook by more than chance explains"
            : "No rival is ahead of the outlook by more than chance explains"
        return """
            Resolution \(evaluation.resolution): \(evaluation.cells) cells, \(evaluation.origins) forecasts
            \(text.joined(separator: "\n"))
            \(verdict); the best one is \(evaluation.bestRival ?? "none")
            """
    }
}
