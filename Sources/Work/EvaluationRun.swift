package import Domain
import Foundation
import H3
import Outlook
package import Postgres
package import Storage

/// Evaluates the forecasts of a dataset on days that have passed, and stores the outcome.
package struct EvaluationRun: Sendable {
    private let options: PostgresOptions
    private let sql: SQLFiles

    /// The largest number of forecasts of a cell: cells times origins. They take about a minute.
    private static let mostForecasts = 10_000_000
    /// The largest number of counts of a cell and day that are held in memory, 8 bytes each.
    private static let mostCounts = 20_000_000

    package init(_ options: PostgresOptions, sql: SQLFiles) {
        self.options = options
        self.sql = sql
    }

    package struct Request: Sendable {
        package var dataset: Dataset
        package var order: EvaluationOrder
        /// The lease of the job that this belongs to; without it nothing is written.
        package var lease: JobLease?

        package init(dataset: Dataset, order: EvaluationOrder, lease: JobLease? = nil) {
            self.dataset = dataset
            self.order = order
            self.lease = lease
        }
    }

    /// The next step, for progress reports.
    package enum Step: Sendable {
        case counting(share: Double)
        case evaluating(resolution: Int, done: Int, of: Int)
    }

    /// The evaluations, by resolution.
    /// - Throws: `StorageError` with code `.dataset` where there is too little history or too much to do, `.interval`
    ///   for a period that cannot be, `.busy` while the dataset is scored or its events keep changing;
    ///   ``JobLease/hold(on:)``'s errors; `PostgresError`.
    package func run(
        _ request: Request, progress: @escaping @Sendable (Step) -> Void = { _ in }
    ) async throws -> [OutlookEvaluation] {
        try await PostgresConnection.withConnection(options) { connection in
            try await run(request, on: connection, progress)
        }
    }

    private func run(
        _ request: Request, on connection: PostgresConnection, _ progress: @escaping @Sendable (Step) -> Void
    ) async throws -> [OutlookEvaluation] {
        let dataset = request.dataset
        guard try await connection.takeLock("hextant score \(dataset.slug)") else {
            throw StorageError(.busy, "\(dataset.slug) is being scored: wait until that ends")
        }
        guard let known = try await KindHistory.days(of: dataset, sql: sql, on: connection) else {
            throw StorageError(.dataset, "\(dataset.slug) has no events to forecast")
        }
        let period = try Self.period(request.order, known)
        let asked = request.order.resolutions
        let resolutions = asked.isEmpty ? dataset.resolutions : asked
        let history = try KindHistory(
            options, sql: sql, dataset: dataset, kind: request.order.kind, resolutions: resolutions)
        let days = known.first...period.upperBound
        // The study area is that of all events, whatever the kind.
        if request.order.kind != .all {
            _ = try await KindHistory(options, sql: sql, dataset: dataset, kind: .all, resolutions: resolutions)
                .update(days, on: connection) { progress(.counting(share: $0 / 2)) }
        }
        _ = try await history.update(days, on: connection) { progress(.counting(share: $0)) }
        var evaluations: [OutlookEvaluation] = []
        for (done, resolution) in resolutions.enumerated() {
            try Task.checkCancellation()
            progress(.evaluating(resolution: resolution, done: done, of: resolutions.count))
            evaluations.append(
                try await evaluate(request, history, days, period, resolution, on: connection))
        }
        return evaluations
    }

    private static func period(
        _ order: EvaluationOrder, _ known: KindHistory.Days
    ) throws(StorageError) -> ClosedRange<LocalDay> {
        let last = order.to ?? known.last
        let first = order.from ?? last.advanced(by: 1 - EvaluationOrder.usualDays)
        guard first <= last else {
            throw StorageError(.interval, "the last day, \(last), is before the first, \(first)")
        }
        guard last <= known.today else { throw StorageError(.interval, "to: \(last) is after today") }
        guard first.distance(to: last) < EvaluationOrder.mostDays else {
            throw StorageError(.interval, "from: must be at most \(EvaluationOrder.mostDays) days before \(last)")
        }
        guard known.first < first else {
            throw StorageError(
                .interval,
                "from: \(first) has no history before it, because \(known.first) is the first day with events")
        }
        return first...last
    }

    /// The material of an evaluation, read in one snapshot.
    fileprivate struct Input: Sendable {
        let area: StudyArea
        let history: [CellCounts?]
        /// The cells and the risks of each day; empty without any.
        let risks: [LocalDay: (positions: [Int32], risks: [Double])]
    }

    private func evaluate(
        _ request: Request, _ history: KindHistory, _ days: ClosedRange<LocalDay>, _ period: ClosedRange<LocalDay>,
        _ resolution: Int, on connection: PostgresConnection
    ) async throws -> OutlookEvaluation {
        let order = request.order
        do {
            let input = try await history.whenCurrent(days, on: connection) { connection in
                try await read(history, days, before: period.lowerBound, resolution, on: connection)
            }
            var evaluation = Evaluation(horizon: order.horizon, period: period)
            // It is left out where there are no scores.
            evaluation.rivals.insert(.riskScore, at: 0)
            let method = evaluation
            let origins = (period.lowerBound.distance(to: period.upperBound) + 1) / evaluation.interval
            guard origins * input.area.count <= Self.mostForecasts else {
                throw StorageError(
                    .dataset,
                    "resolution \(resolution): \(input.area.count) cells at \(origins) origins are too many; choose a "
                        + "shorter period, a longer horizon or a coarser resolution")
            }
            let report = try await onOwnThread(named: "evaluation") {
                try method.report(
                    area: input.area, from: days.lowerBound, history: input.history, riskScores: input.riskScores)
            }
            var outcome = try OutlookEvaluation(
                report, dataset: order.dataset, resolution: resolution, kind: order.kind, days: period)
            outcome.id = try await EvaluationWriter(connection).add(outcome, lease: request.lease)
            return outcome
        } catch let error as OutlookError {
            throw StorageError(.dataset, "resolution \(resolution): \(error)")
        }
    }

    /// - Parameter first: The first day that is forecast. The study area is made of the cells before it.
    private func read(
        _ history: KindHistory, _ days: ClosedRange<LocalDay>, before first: LocalDay, _ resolution: Int,
        on connection: PostgresConnection
    ) async throws -> Input {
        let area = try StudyArea.compared(
            events: try await history.cells(
                days.lowerBound...first.advanced(by: -1), resolution: resolution, on: connection))
        let gaps = RecordGaps(
            days, totals: try await history.totals(days, resolution: resolution, on: connection))
        var counts: [CellCounts?] = []
        var risks: [LocalDay: (positions: [Int32], risks: [Double])] = [:]
        var held = 0
        for part in KindHistory.parts(of: days) {
            let found = try await history.counts(part, resolution: resolution, on: connection)
            let read = try area.days(part, found, gaps: gaps)
            counts += read
            held += read.reduce(0) { $0 + ($1?.positions.count ?? 0) }
            if history.kind == .all {
                for day in try await history.risks(part, resolution: resolution, on: connection) {
                    let kept = zip(day.cells, day.risks).compactMap { cell, risk in
                        area.position(of: H3Cell(unchecked: cell)).map { (Int32($0), risk) }
                    }
                    risks[day.day] = (kept.map(\.0), kept.map(\.1))
                    held += kept.count
                }
            }
            guard held <= Self.mostCounts else {
                throw StorageError(
                    .dataset, "resolution \(resolution): the history is too long; choose a coarser resolution")
            }
        }
        return Input(area: area, history: counts, risks: risks)
    }
}

extension EvaluationRun.Input {
    /// The risk of every cell on the evening of a day, whose scale no later day moves; `nil` where nothing is scored.
    fileprivate var riskScores: ((LocalDay) -> [Double])? {
        guard !risks.isEmpty else { return nil }
        return { day in
            var dense = [Double](repeating: 0, count: area.count)
            if let known = risks[day] {
                for (position, risk) in zip(known.positions, known.risks) { dense[Int(position)] = risk }
            }
            return dense
        }
    }
}

extension OutlookEvaluation {
    /// The report as it is stored; its id and time come from the store.
    fileprivate init(
        _ report: EvaluationReport, dataset: Slug, resolution: Int, kind: EventKind, days: ClosedRange<LocalDay>
    ) throws {
        let rivals = report.methods.dropFirst()
        self.init(
            id: 0, dataset: dataset, resolution: resolution, kind: kind, horizon: report.horizon, days: days,
            cells: report.cells, origins: report.origins.count, outside: report.outside, isBehind: report.isBehind,
            bestRival: report.origins.isEmpty ? nil : rivals.max { $0.logScore < $1.logScore }?.name,
            methods: try Self.text(report.methods.map(MethodFigures.init)),
            comparisons: try Self.text(report.comparisons.map(ComparisonFigures.init)), madeAt: .now)
    }

    private static func text(_ values: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = .sortedKeys
        return String(decoding: try encoder.encode(values), as: UTF8.self)
    }
}

/// The figures of a method as clients get them, which `static/openapi.json` describes.
private struct MethodFigures: Encodable {
    struct Bin: Encodable {
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
    let coverage: Coverage
    let reliability: [Bin]

    struct Coverage {
        let half: Double
        let most: Double
    }

    private enum CodingKeys: String, CodingKey {
        case name, logScore, poissonLogScore, crps, poissonCrps, expected, events, hitRate, pai, pei
        case coverage50 = "coverage_50"
        case coverage90 = "coverage_90"
        case reliability
    }

    init(_ score: MethodScore) {
        name = score.name
        logScore = score.logScore
        poissonLogScore = score.poissonLogScore
        crps = score.crps
        poissonCrps = score.poissonCRPS
        expected = score.expected
        events = score.events
        let none = [Double](repeating: 0, count: RankedHits.shares.count)
        hitRate = score.hits?.hitRates ?? none
        pai = score.hits?.pai ?? none
        pei = score.hits?.pei ?? none
        coverage = Coverage(half: score.calibration.randomised50, most: score.calibration.randomised90)
        reliability = zip(score.calibration.reliability, Calibration.edges.dropFirst()).map { bin, edge in
            Bin(below: edge, forecasts: bin.forecasts, stated: bin.stated, happened: bin.happened)
        }
    }

    func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(name, forKey: .name)
        try values.encode(logScore, forKey: .logScore)
        try values.encode(poissonLogScore, forKey: .poissonLogScore)
        try values.encode(crps, forKey: .crps)
        try values.encode(poissonCrps, forKey: .poissonCrps)
        try values.encode(expected, forKey: .expected)
        try values.encode(events, forKey: .events)
        try values.encode(hitRate, forKey: .hitRate)
        try values.encode(pai, forKey: .pai)
        try values.encode(pei, forKey: .pei)
        try values.encode(coverage.half, forKey: .coverage50)
        try values.encode(coverage.most, forKey: .coverage90)
        try values.encode(reliability, forKey: .reliability)
    }
}

private struct ComparisonFigures: Encodable {
    let rival: String
    let logScore: Comparison.Difference
    let crps: Comparison.Difference
    let pai: [Comparison.Difference]

    init(_ comparison: Comparison) {
        rival = comparison.rival
        logScore = comparison.logScore
        crps = comparison.crps
        pai = comparison.pai
    }
}
