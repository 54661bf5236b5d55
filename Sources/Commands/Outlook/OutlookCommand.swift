import ArgumentParser
import Domain
import Postgres
import Storage
import Work

struct OutlookCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "outlook",
        abstract: "Make a dataset's outlook: figures of periods, hot spots and forecasts.",
        discussion: """
            It replaces the outlook of the same day. Only the events of days that changed are read again. Run `hextant \
            refresh` to serve it. docs/outlook.md defines the figures, docs/limits.md what they cannot tell.
            """)

    @Option(help: "Slug of the dataset.", transform: Slug.argument)
    var dataset: Slug

    @Option(
        parsing: .upToNextOption, help: "H3 resolutions, 0 to 15, one or more. Default: those of the dataset.")
    var resolution: [Int] = []

    @Option(
        help: "Last day that it knows, YYYY-MM-DD, in the dataset's time zone. Default: the last day with events.")
    var asOf: String?

    @Option(help: "Days to forecast, 1 to 28.")
    var horizon = OutlookOrder.usualHorizon

    @Option(help: "Weeks of the window of hot spots, 1 to 520.")
    var weeks = 52

    @Option(help: "Rate of false discoveries among hot spots, and level of significance of their trend.")
    var alpha = 0.05

    @Flag(inversion: .prefixedNo, help: "Hold the rate of false discoveries over all cells and weeks.")
    var fdr = true

    @OptionGroup var database: DatabaseOptions
    @OptionGroup var output: OutputOptions

    private struct Outcome: Encodable {
        struct Outlook: Encodable {
            let resolution: Int
            let kind: String
            let cells: Int
            let weeks: Int
            let hotSpots: Int
            let newHotSpots: Int
            let coldSpots: Int
            let expected: Double
            let seconds: Double
        }

        struct LeftOut: Encodable {
            let resolution: Int
            let reason: String
        }

        let dataset: String
        let firstDay: String?
        let asOf: String?
        let horizon: Int
        let events: Int
        let outlooks: [Outlook]
        let leftOut: [LeftOut]
        let seconds: Double
    }

    func validate() throws {
        guard resolution.allSatisfy((0...15).contains) else {
            throw ValidationError("--resolution must be 0 to 15")
        }
        _ = try day(asOf)
        guard OutlookOrder.horizons.contains(horizon) else {
            throw ValidationError("--horizon must be 1 to \(OutlookOrder.horizons.upperBound) days")
        }
        guard (1...520).contains(weeks) else { throw ValidationError("--weeks must be 1 to 520") }
        guard alpha > 0, alpha < 1 else { throw ValidationError("--alpha must be above 0 and below 1") }
    }

    func run() async throws {
        let began = ContinuousClock.now
        let sql = try Installation.find().sql()
        let options = try database.postgres()
        let line = ProgressLine()
        let done = try await audited("outlook", target: dataset.text, options, sql) {
            let target = try await PostgresConnection.withConnection(options) { connection in
                try await DatasetStore(connection, sql: sql).datasetOfEvents(dataset)
            }
            let request = OutlookRun.Request(
                dataset: target, resolutions: Set(resolution).sorted(), asOf: try day(asOf), horizon: horizon,
                steps: weeks, alpha: alpha, isCorrected: fdr)
            let done = try await OutlookRun(options, sql: sql).run(request) { line.show($0) }
            let asOf = done.days.map { "\($0.upperBound)" } ?? "no day"
            return (done, "as of \(asOf), \(done.outlooks.count) outlooks, \(done.events) events read")
        }
        line.finish()
        let outcome = Outcome(
            dataset: dataset.text, firstDay: done.days.map { "\($0.lowerBound)" },
            asOf: done.days.map { "\($0.upperBound)" }, horizon: horizon, events: done.events,
            outlooks: done.outlooks.map { made in
                Outcome.Outlook(
                    resolution: made.resolution, kind: made.kind.text, cells: made.cells, weeks: made.steps,
                    hotSpots: made.hotSpots, newHotSpots: made.newHotSpots, coldSpots: made.coldSpots,
                    expected: made.expected, seconds: made.time.inSeconds.rounded(to: 3))
            },
            leftOut: done.leftOut.map { Outcome.LeftOut(resolution: $0.resolution, reason: $0.reason) },
            seconds: (ContinuousClock.now - began).inSeconds.rounded(to: 3))
        try output.print(outcome, summary: summary(outcome))
    }

    private func summary(_ outcome: Outcome) -> String {
        guard let first = outcome.firstDay, let asOf = outcome.asOf else {
            return "Dataset \(dataset) has no events"
        }
        let lines = outcome.outlooks.map { outlook in
            "  resolution \(outlook.resolution), \(outlook.kind): \(outlook.cells) cells, "
                + "\(outlook.hotSpots) hot spots (\(outlook.newHotSpots) new), \(outlook.coldSpots) cold ones, "
                + "\(outlook.expected.rounded(to: 1)) events expected in \(horizon) days"
        }
        let others = outcome.leftOut.map { "  resolution \($0.resolution) is left out: \($0.reason)" }
        return
            (["Outlook as of \(asOf), from \(first), \(outcome.events) events read, in \(outcome.seconds) s"]
            + lines + others).joined(separator: "\n")
    }
}

extension AsyncParsableCommand {
    /// The day of an option; `nil` without one.
    func day(_ text: String?) throws -> LocalDay? {
        guard let text else { return nil }
        guard let day = LocalDay(text) else {
            throw ValidationError("\"\(text)\" is not a date of the form YYYY-MM-DD")
        }
        return day
    }
}
