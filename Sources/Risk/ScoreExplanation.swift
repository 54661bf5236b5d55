package import Domain

/// All numbers behind the score of one cell and day.
package struct ScoreExplanation: Sendable {
    package struct Day: Sendable {
        package let day: LocalDay
        package let count: Int
    }

    /// The parameters of the run, and the range of its risks.
    package struct Run: Sendable {
        package let number: Int64
        package let days: ClosedRange<LocalDay>
        package let normalization: Normalization
        package let thresholds: RiskThresholds
        /// The number of rows of the run; the least and greatest risk among them follow.
        package let rows: Int
        package let lowestRisk: Double
        package let highestRisk: Double

        package init(
            number: Int64, days: ClosedRange<LocalDay>, normalization: Normalization, thresholds: RiskThresholds,
            rows: Int, lowestRisk: Double, highestRisk: Double
        ) {
            self.number = number
            self.days = days
            self.normalization = normalization
            self.thresholds = thresholds
            self.rows = rows
            self.lowestRisk = lowestRisk
            self.highestRisk = highestRisk
        }
    }

    /// The stored figures.
    package struct Figures: Sendable {
        package let count: Int
        package let rolling7dAvg: Double
        package let growthRate: Double
        package let risk: Double
        package let score: Double
        package let level: RiskLevel
        package let zScore: Double
        package let isFlagged: Bool

        package init(
            count: Int, rolling7dAvg: Double, growthRate: Double, risk: Double, score: Double, level: RiskLevel,
            zScore: Double, isFlagged: Bool
        ) {
            self.count = count
            self.rolling7dAvg = rolling7dAvg
            self.growthRate = growthRate
            self.risk = risk
            self.score = score
            self.level = level
            self.zScore = zScore
            self.isFlagged = isFlagged
        }
    }

    package let run: Run
    package let figures: Figures
    package let weights: RiskWeights
    /// Whether the events of the day and the week before it are unchanged since the run.
    package let isCurrent: Bool
    /// The cell's counts on the day and on the seven days before it, ascending.
    package let window: [Day]
    /// The mean of the seven days before, in events a day.
    package let previous: Double
    /// The number of the cell's events over the run.
    package let events: Int
    package let spread: Spread

    /// - Parameter counts: The cell's counts from seven days before the run to its end; days without events may be
    ///   absent.
    package init(
        day: LocalDay, run: Run, figures: Figures, weights: RiskWeights, isCurrent: Bool, counts: [LocalDay: Int]
    ) {
        self.run = run
        self.figures = figures
        self.weights = weights
        self.isCurrent = isCurrent
        window = (0...Scoring.lookBack).reversed().map {
            let other = day.advanced(by: -$0)
            return Day(day: other, count: counts[other] ?? 0)
        }
        previous = Double(window.dropLast().reduce(0) { $0 + $1.count }) / Double(Scoring.lookBack)
        var spread = Spread(days: run.days)
        for (day, count) in counts { spread.add(count, on: day) }
        self.spread = spread
        events = counts.reduce(0) { run.days.contains($1.key) ? $0 + $1.value : $0 }
    }
}
