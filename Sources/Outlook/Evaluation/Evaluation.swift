package import Domain

/// A test of forecasts on days that have passed, as if each was made on the evening before: rolling origins.
package struct Evaluation: Sendable {
    /// The days each forecast is for.
    package var horizon: Int
    /// The first days that are forecast at the first and at most at the last origin. Every forecast ends in or before
    /// the last day of `period`.
    package var period: ClosedRange<LocalDay>
    /// The days between two origins.
    package var interval: Int
    /// The days after which weights are fitted anew, on all of the past at that time.
    package var refit = 91
    package var rivals = Rival.standard
    /// The resamples of weeks for the ranges of differences.
    package var resamples = 1000
    package var seed: UInt64 = 1

    /// The least number of days before the first forecast.
    package static let leastHistory = 56

    package init(horizon: Int, period: ClosedRange<LocalDay>, interval: Int? = nil) {
        self.horizon = horizon
        self.period = period
        self.interval = interval ?? (horizon < 7 ? 1 : 7)
    }

    /// Makes the forecasts and scores them.
    ///
    /// Every forecast is made of the days before it alone: days are added one by one, and weights, dispersion and the
    /// rivals' scales are fitted on origins whose horizon had passed by then. The study area is given by the caller; to
    /// look at nothing of the future it must be made of the events before `period`. Events elsewhere are counted.
    ///
    /// - Parameters:
    ///   - day: The day of the first counts.
    ///   - history: The counts of each day from then on, at least to the end of `period`; `nil` for a day that has no
    ///     records, such as one of an outage of the feed. No forecast of such a day is scored.
    ///   - riskScores: The risk score of every cell at the end of a day, for the rival of that name. It must not look
    ///     ahead either.
    /// - Throws: `OutlookError` for settings out of range, or where there are too few days.
    package func report(
        area: StudyArea, from day: LocalDay, history: [CellCounts?],
        riskScores: ((LocalDay) -> [Double])? = nil
    ) throws -> EvaluationReport {
        try check(day, history.count)
        let before = day.distance(to: period.lowerBound)
        let rivals = riskScores == nil ? rivals.filter { $0 != .riskScore } : rivals
        let warmUp = min(730, before / 3)
        var forecaster = try Forecaster(area: area, from: day, horizon: horizon, warmUp: warmUp)
        var numbers = try RivalNumbers(rivals, area: area)
        var training = TrainingOrigins(cells: area.count, horizon: horizon, warmUp: max(1, warmUp))
        var scales: [CountRegression] = []
        var methods = ([Self.name] + rivals.map(\.name)).map { MethodScore(name: $0, cells: area.count) }
        var origins: [LocalDay] = []
        var outside = 0
        let last = day.distance(to: period.upperBound) + 1 - horizon
        for index in 0...last {
            if index >= before, (index - before) % interval == 0 {
                let known = numbers.numbers(riskScores: riskScores?(day.advanced(by: index - 1)))
                if (index - before) % refit < interval {
                    forecaster.fit()
                    scales = rivals.indices.map { Self.scale(training, $0) }
                }
                let days = history[index..<index + horizon].compactMap(\.self)
                if days.count == horizon {
                    let outcome = Self.outcome(days, area.count)
                    origins.append(day.advanced(by: index))
                    outside += days.reduce(0) { $0 + $1.outside }
                    let seed = seed &+ UInt64(index) &* 1_000_003
                    let ours = forecaster.distributions()
                    methods[0].add(ours, ranking: ours.map(\.mean), outcome, seed: seed)
                    for (rival, scale) in scales.enumerated() {
                        methods[rival + 1].add(
                            Self.distributions(known[rival], scale), ranking: known[rival], outcome, seed: seed)
                    }
                }
            }
            guard index < last else { break }
            numbers.add(history[index] ?? .none)
            guard let counts = history[index] else {
                forecaster.skip()
                training.skip()
                continue
            }
            forecaster.add(counts)
            let evening = day.advanced(by: index)
            training.add(counts.dense(area.count)) { (numbers.numbers(riskScores: riskScores?(evening)), 1) }
        }
        let blockDays = Int32(max(7, (horizon + 6) / 7 * 7))
        let blocks = origins.map { Int(($0.number - period.lowerBound.number) / blockDays) }
        return EvaluationReport(
            horizon: horizon, cells: area.count, origins: origins, outside: outside, model: forecaster.model,
            methods: methods,
            comparisons: methods.dropFirst().map {
                Comparison(
                    methods[0], $0, cells: area.count, blocks: blocks, resamples: resamples, seed: seed)
            })
    }

    package static let name = "outlook"

    private func check(_ day: LocalDay, _ days: Int) throws {
        guard (1...ForecastState.longestHorizon).contains(horizon) else {
            throw OutlookError.outOfRange(field: "horizon", range: "1 to \(ForecastState.longestHorizon) days")
        }
        guard (1...366).contains(interval) else {
            throw OutlookError.outOfRange(field: "interval", range: "1 to 366 days")
        }
        guard refit >= interval else {
            throw OutlookError.outOfRange(field: "refit", range: "\(interval) days (the interval) or more")
        }
        guard (0...100_000).contains(resamples) else {
            throw OutlookError.outOfRange(field: "resamples", range: "0 to 100,000")
        }
        let before = day.distance(to: period.lowerBound)
        guard before >= Self.leastHistory else {
            throw OutlookError.tooFewDays(field: "from", count: max(0, before), least: Self.leastHistory)
        }
        let needed = day.distance(to: period.upperBound) + 1
        guard days >= needed else {
            throw OutlookError.wrongLength(field: "history", count: days, expected: needed)
        }
        guard period.lowerBound.distance(to: period.upperBound) + 1 >= horizon else {
            throw OutlookError.outOfRange(field: "to", range: "at least \(horizon) days (the horizon) after from")
        }
    }

    /// The events of each cell over some days.
    private static func outcome(_ days: [CellCounts], _ cells: Int) -> [Int32] {
        var sums = [Int32](repeating: 0, count: cells)
        for day in days {
            for (position, count) in zip(day.positions, day.counts) { sums[Int(position)] += count }
        }
        return sums
    }

    /// The scale of a rival's numbers: a weight of the number and one of the same for every cell.
    private static func scale(_ training: TrainingOrigins, _ rival: Int) -> CountRegression {
        var rows = RegressionRows(width: 2, filled: 2)
        training.forEachRow { columns, row, _, count in
            rows.append([(0, columns[rival][row]), (1, 1)], count: count)
        }
        return CountRegression(rows, prior: [0, 1e-3], bounds: [0, 1e-6])
    }

    private static func distributions(_ numbers: [Double], _ scale: CountRegression) -> [CountDistribution] {
        numbers.map { number in
            let mean = max(scale.weights[0] * number + scale.weights[1], 1e-12)
            return CountDistribution(mean: mean, size: mean / (scale.noise + mean / scale.steadiness))
        }
    }
}

/// The outcome of an evaluation.
package struct EvaluationReport: Sendable {
    package let horizon: Int
    /// The number of cells in the study area.
    package let cells: Int
    /// The first day of each forecast.
    package let origins: [LocalDay]
    /// The events in the days that were forecast, at cells outside the study area. Where forecasts overlap, an event
    /// counts for each.
    package let outside: Int
    /// The weights at the last origin.
    package let model: ForecastModel
    /// The outlook, then the rivals.
    package let methods: [MethodScore]
    /// The outlook against each rival, in the same order.
    package let comparisons: [Comparison]

    /// Whether a rival is ahead of the outlook in log score by more than resampling explains: the sign of drift.
    package var isBehind: Bool { comparisons.contains { $0.logScore.high < 0 } }
}
