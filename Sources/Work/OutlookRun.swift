package import Domain
import Foundation
import H3
import Outlook
package import Postgres
import Risk
package import Storage

/// Makes the outlook of a dataset for all its kinds of events at several resolutions. The next refresh serves it.
package struct OutlookRun: Sendable {
    private let options: PostgresOptions
    private let sql: SQLFiles

    package init(_ options: PostgresOptions, sql: SQLFiles) {
        self.options = options
        self.sql = sql
    }

    package struct Request: Sendable {
        package var dataset: Dataset
        /// The resolutions, ascending; none for all of the dataset.
        package var resolutions: [Int]
        /// The last day that the outlook knows; `nil` for the last day with events that is over.
        package var asOf: LocalDay?
        package var horizon: Int
        /// The weeks of the window of hot spots, the level of significance, and whether the false discovery rate is
        /// held.
        package var steps: Int
        package var alpha: Double
        package var isCorrected: Bool
        /// The lease of the job that this belongs to; without it nothing is written.
        package var lease: JobLease?

        package init(
            dataset: Dataset, resolutions: [Int] = [], asOf: LocalDay? = nil,
            horizon: Int = OutlookOrder.usualHorizon, steps: Int = 52, alpha: Double = 0.05, isCorrected: Bool = true,
            lease: JobLease? = nil
        ) {
            self.dataset = dataset
            self.resolutions = resolutions
            self.asOf = asOf
            self.horizon = horizon
            self.steps = steps
            self.alpha = alpha
            self.isCorrected = isCorrected
            self.lease = lease
        }
    }

    package struct Outcome: Sendable {
        /// The days that the outlook knows; `nil` when the dataset has no events.
        package let days: ClosedRange<LocalDay>?
        /// The events that were read: those of days that changed since they were last binned.
        package var events = 0
        package var outlooks: [Made] = []
        /// Resolutions that were left out, with the reason.
        package var leftOut: [(resolution: Int, reason: String)] = []
    }

    /// One outlook that was made.
    package struct Made: Sendable {
        package let resolution: Int
        package let kind: EventKind
        package let cells: Int
        package let steps: Int
        package let hotSpots: Int
        package let coldSpots: Int
        package let newHotSpots: Int
        /// The expected events of the whole area in the days of the forecast.
        package let expected: Double
        package let time: Duration
    }

    /// The next step, for progress reports.
    package enum Step: Sendable {
        /// Counting the events of a kind, the share of its days that are done.
        case counting(EventKind, share: Double, kind: Int, of: Int)
        case making(EventKind, resolution: Int, done: Int, of: Int)

        /// The share of the work that is done when the step begins: counting is about a third of it.
        package var share: Double {
            switch self {
            case .counting(_, let share, let kind, let all): (Double(kind) + share) / Double(max(1, all)) / 3
            case .making(_, _, let done, let all): (1 + 2 * Double(done) / Double(max(1, all))) / 3
            }
        }
    }

    /// Makes the outlooks, each of which is replaced in one transaction.
    /// - Throws: `StorageError` with code `.dataset` where the area is too large or a setting is out of range,
    ///   `.interval` for a day without history, `.busy` while the dataset is scored or its events keep changing;
    ///   ``JobLease/hold(on:)``'s errors; `PostgresError`.
    package func run(
        _ request: Request, progress: @escaping @Sendable (Step) -> Void = { _ in }
    ) async throws -> Outcome {
        try await PostgresConnection.withConnection(options) { connection in
            try await run(request, on: connection, progress)
        }
    }

    private func run(
        _ request: Request, on connection: PostgresConnection, _ progress: @escaping @Sendable (Step) -> Void
    ) async throws -> Outcome {
        let dataset = request.dataset
        // Scoring keeps the same counts.
        guard try await connection.takeLock("hextant score \(dataset.slug)") else {
            throw StorageError(.busy, "\(dataset.slug) is being scored: wait until that ends")
        }
        guard let known = try await KindHistory.days(of: dataset, sql: sql, on: connection) else {
            return Outcome(days: nil)
        }
        let asOf = request.asOf ?? known.last
        guard known.first <= asOf, asOf <= known.today else {
            throw StorageError(
                .interval, "as of \(asOf): must be from \(known.first), the first day with events, to today")
        }
        let days = known.first...asOf
        let resolutions = request.resolutions.isEmpty ? dataset.resolutions : request.resolutions
        try await KindHistory.forgetOthers(of: dataset, on: connection)
        try await OutlookWriter(connection).forgetOtherKinds(of: dataset)
        var outcome = Outcome(days: days)
        let histories = try dataset.kinds.map { kind throws(StorageError) in
            try KindHistory(options, sql: sql, dataset: dataset, kind: kind, resolutions: resolutions)
        }
        for (index, history) in histories.enumerated() {
            outcome.events += try await history.update(days, on: connection) { share in
                progress(.counting(history.kind, share: share, kind: index, of: histories.count))
            }
        }
        let all = resolutions.count * histories.count
        for (place, resolution) in resolutions.enumerated() {
            let area: StudyArea
            do {
                let cells = try await histories[0].cells(days, resolution: resolution, on: connection)
                area = try StudyArea.compared(events: cells)
            } catch let error as OutlookError {
                guard case .tooManyCells = error, request.resolutions.isEmpty else {
                    throw StorageError(.dataset, "resolution \(resolution): \(error)")
                }
                outcome.leftOut.append((resolution, "\(error)"))
                continue
            }
            for (index, history) in histories.enumerated() {
                try Task.checkCancellation()
                progress(
                    .making(
                        history.kind, resolution: resolution, done: place * histories.count + index, of: all))
                outcome.outlooks.append(
                    try await make(request, history, area, days, resolution, on: connection))
            }
        }
        return outcome
    }

    private func make(
        _ request: Request, _ history: KindHistory, _ area: StudyArea, _ days: ClosedRange<LocalDay>,
        _ resolution: Int, on connection: PostgresConnection
    ) async throws -> Made {
        let clock = ContinuousClock()
        let began = clock.now
        do {
            let builder = try await history.whenCurrent(days, on: connection) { connection in
                try await build(request, history, area, days, resolution, on: connection)
            }
            let made = try await onOwnThread(named: "outlook") { try builder.finished() }
            let scores =
                history.kind == .all
                ? try await ScorePeriods.load(
                    dataset: request.dataset.slug, resolution: resolution, asOf: days.upperBound, sql: sql,
                    on: connection) : nil
            try await OutlookWriter(connection).put(
                try head(request, history.kind, made, days, resolution), OutlookColumns(made, scores),
                lease: request.lease)
            return Made(
                resolution: resolution, kind: history.kind, cells: area.count, steps: made.steps,
                hotSpots: made.classes.count(where: \.isHot), coldSpots: made.classes.count(where: \.isCold),
                newHotSpots: made.classes.count { $0 == .newHot }, expected: made.forecast.expected.reduce(0, +),
                time: clock.now - began)
        } catch let error as OutlookError {
            throw StorageError(.dataset, "\(error)")
        }
    }

    /// Reads the days a part at a time, so that what is held does not grow with the history.
    private func build(
        _ request: Request, _ history: KindHistory, _ area: StudyArea, _ days: ClosedRange<LocalDay>,
        _ resolution: Int, on connection: PostgresConnection
    ) async throws -> OutlookBuilder {
        let gaps = RecordGaps(
            days, totals: try await history.totals(days, resolution: resolution, on: connection))
        var settings = OutlookBuilder.Settings()
        settings.horizon = request.horizon
        settings.steps = request.steps
        settings.alpha = request.alpha
        settings.isCorrected = request.isCorrected
        var builder = try OutlookBuilder(area: area, days: days, settings: settings)
        for part in KindHistory.parts(of: days) {
            let counts = try await history.counts(part, resolution: resolution, on: connection)
            for day in try area.days(part, counts, gaps: gaps) { try builder.add(day) }
        }
        return builder
    }

    private func head(
        _ request: Request, _ kind: EventKind, _ made: AreaOutlook, _ days: ClosedRange<LocalDay>, _ resolution: Int
    ) throws -> OutlookHead {
        OutlookHead(
            dataset: request.dataset.slug, resolution: resolution, asOf: days.upperBound, kind: kind,
            firstDay: days.lowerBound, steps: made.steps, alpha: request.alpha, isCorrected: request.isCorrected,
            threshold: made.threshold, horizon: request.horizon,
            model: String(decoding: try JSONEncoder().encode(made.model), as: UTF8.self))
    }
}

extension KindHistory {
    /// How often the counts are brought up to date while events change.
    private static var attempts: Int { 3 }

    /// Does work on the counts in a snapshot in which they are those of the events.
    /// - Throws: `StorageError` with code `.busy` when events keep changing; what `work` throws.
    func whenCurrent<Output: Sendable>(
        _ days: ClosedRange<LocalDay>, on connection: PostgresConnection,
        _ work: @Sendable (PostgresConnection) async throws -> Output
    ) async throws -> Output {
        for _ in 0..<Self.attempts {
            let output: Output? = try await connection.transaction(
                "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
            ) { connection in
                guard try await isCurrent(days, on: connection) else { return nil }
                return try await work(connection)
            }
            if let output { return output }
            _ = try await update(days, on: connection) { _ in }
        }
        throw StorageError(.busy, "events of kind \(kind.text) change too fast: try again later")
    }
}

extension StudyArea {
    /// The study area of cells that ever had an event. It has at most 300,000 cells, and at most 20,000 or a hundred
    /// times as many as had events: beyond that there is nothing to compare, as in a week of earthquakes.
    /// - Throws: `OutlookError`.
    static func compared(events: [UInt64]) throws -> StudyArea {
        try covering(events: events, limit: min(300_000, max(20_000, 100 * events.count)))
    }

    /// The counts of consecutive days: `nil` for a day without records.
    ///
    /// - Parameter counts: Those of the days with events, ascending.
    /// - Throws: `OutlookError`.
    func days(
        _ days: ClosedRange<LocalDay>, _ counts: [(day: LocalDay, counts: DayCounts)], gaps: RecordGaps
    ) throws -> [CellCounts?] {
        var next = 0
        return try (0...days.lowerBound.distance(to: days.upperBound)).map { offset -> CellCounts? in
            let day = days.lowerBound.advanced(by: offset)
            guard next < counts.count, counts[next].day == day else {
                return gaps.contains(day) ? nil : CellCounts.none
            }
            let found = counts[next].counts
            next += 1
            return try self.counts(cells: found.cells, counts: found.counts)
        }
    }
}

extension OutlookColumns {
    /// - Parameter scores: The scores of the periods; `nil` for a group of types, of whose events alone there are none.
    fileprivate init(_ made: AreaOutlook, _ scores: ScorePeriods?) {
        let cells = made.area.cells
        let found = scores.map { scores in cells.map { scores.byCell[$0] } }
        let places = OutlookPeriod.allCases.indices
        self.init(
            cells: cells.map(\.bits), events: made.periods.flatMap(\.events),
            eventsBefore: made.periods.flatMap(\.before), changePs: made.periods.flatMap(\.ps),
            trends: made.periods.flatMap(\.trends),
            maxScores: found.map { found in places.flatMap { place in found.map { $0?.maxScores[place] ?? -1 } } },
            daysFlagged: found.map { found in places.flatMap { place in found.map { $0?.daysFlagged[place] ?? 0 } } },
            classes: made.classes, giZs: made.giZs, giTrendPs: made.giTrendPs, expected: made.forecast.expected,
            chances: made.forecast.chance, lower50: made.forecast.lower50, upper50: made.forecast.upper50,
            lower90: made.forecast.lower90, upper90: made.forecast.upper90)
    }
}
