package import Domain

/// Forecasts counts of the days that follow, learning from each day that is added.
///
/// Gamma-Poisson: a cell's rate is a mix of exponentially forgotten counts of itself, its neighbours and its parent, as
/// shares of the area's level, which has a weekday and a season. The mix is fitted on past origins by how well it would
/// have forecast what followed. `docs/outlook.md` defines each part.
package struct Forecaster: Sendable {
    package let horizon: Int
    private var state: ForecastState
    private var training: TrainingOrigins
    package private(set) var model: ForecastModel

    /// The least events in past origins for weights to be fitted; with fewer the usual ones stay.
    private static let leastEvents = 100
    /// The least number of past origins for the same.
    private static let leastOrigins = 2
    /// The standard deviation of the weights around the usual ones, which holds them where the past says little.
    private static let spread = 0.5

    /// - Parameters:
    ///   - day: The first day that will be added.
    ///   - horizon: The number of days to forecast, 1 to 28.
    ///   - warmUp: The days before the first past origin that weights are fitted on.
    /// - Throws: `OutlookError.outOfRange` for another horizon or warm-up; `H3Error` for a cell that is not valid.
    package init(area: StudyArea, from day: LocalDay, horizon: Int, warmUp: Int = 365) throws {
        guard (1...ForecastState.longestHorizon).contains(horizon) else {
            throw OutlookError.outOfRange(field: "horizon", range: "1 to \(ForecastState.longestHorizon) days")
        }
        guard (0...100_000).contains(warmUp) else {
            throw OutlookError.outOfRange(field: "warmUp", range: "0 to 100,000 days")
        }
        self.horizon = horizon
        state = try ForecastState(area: area, from: day)
        training = TrainingOrigins(cells: area.count, horizon: horizon, warmUp: max(1, warmUp))
        model = .usual(horizon: horizon)
    }

    package var day: LocalDay { state.day }
    package var area: StudyArea { state.area }

    /// Adds the day after the last one. A day without events must be added, too; one without records is skipped.
    package mutating func add(_ counts: CellCounts) {
        state.add(counts)
        let (state, horizon) = (state, horizon)
        training.add(counts.dense(state.area.count)) {
            let signals = state.signals()
            return (signals.columns + [signals.evidence], state.expected(horizon: horizon))
        }
    }

    /// Lets a day pass that has no records. Past origins whose horizon it is in are left out.
    package mutating func skip() {
        state.skip()
        training.skip()
    }

    /// Fits the weights on the past origins. Time grows with their rows, of which there are 300,000 at most.
    package mutating func fit() {
        guard training.count >= Self.leastOrigins, training.events >= Self.leastEvents else { return }
        let signals = CellSignals.names.count
        let knots = ForecastModel.knots.count
        var rows = RegressionRows(width: signals * knots + 1, filled: 2 * signals + 1)
        let everywhere = 1 / Double(area.count)
        var entries = [(column: Int, value: Double)](repeating: (0, 0), count: 2 * signals + 1)
        training.forEachRow { columns, row, total, count in
            let (knot, upper) = ForecastModel.place(columns[signals][row])
            for signal in 0..<signals {
                let value = columns[signal][row] * total
                entries[signal] = (knot * signals + signal, value * (1 - upper))
                entries[signals + signal] = ((knot + 1) * signals + signal, value * upper)
            }
            entries[2 * signals] = (signals * knots, total * everywhere)
            rows.append(entries, count: count)
        }
        let usual = ForecastModel.usual(horizon: horizon)
        var bounds = [Double](repeating: 0, count: rows.width)
        bounds[rows.width - 1] = 1e-4
        let fitted = CountRegression(
            rows, prior: usual.weights.flatMap { $0 } + [usual.everywhere], spread: Self.spread, bounds: bounds)
        model = ForecastModel(
            horizon: horizon,
            weights: (0..<knots).map { knot in Array(fitted.weights[knot * signals..<(knot + 1) * signals]) },
            everywhere: fitted.weights[rows.width - 1], noise: fitted.noise, steadiness: fitted.steadiness,
            origins: training.count)
    }

    /// The distribution of every cell's count in the days after the last one.
    package func distributions() -> [CountDistribution] {
        let signals = state.signals()
        let total = state.expected(horizon: horizon)
        return (0..<area.count).map { model.distribution(signals, $0, total) }
    }

    /// The forecast of the days after the last one.
    package func forecast() -> Forecast { Forecast(from: day.advanced(by: 1), horizon: horizon, distributions()) }
}

/// A forecast; each array has one entry for each cell of the study area.
package struct Forecast: Sendable {
    /// The first day that it is for.
    package let from: LocalDay
    /// The number of days.
    package let horizon: Int
    package let expected: [Double]
    /// The chance of at least one event.
    package let chance: [Double]
    /// The counts between which half of all outcomes are expected, both included.
    package let lower50: [Int32]
    package let upper50: [Int32]
    /// The counts between which nine of ten outcomes are expected, both included.
    package let lower90: [Int32]
    package let upper90: [Int32]

    init(from day: LocalDay, horizon: Int, _ distributions: [CountDistribution]) {
        from = day
        self.horizon = horizon
        expected = distributions.map(\.mean)
        chance = distributions.map(\.chanceOfAny)
        var bounds = [[Int32]](repeating: [], count: 4)
        for index in bounds.indices { bounds[index].reserveCapacity(distributions.count) }
        for distribution in distributions {
            for (index, count) in distribution.quantiles([0.05, 0.25, 0.75, 0.95]).enumerated() {
                bounds[index].append(Int32(count))
            }
        }
        (lower90, lower50, upper50, upper90) = (bounds[0], bounds[1], bounds[2], bounds[3])
    }
}
