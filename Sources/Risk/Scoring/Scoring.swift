/// Turns daily counts of cells into risk, for one run over an interval of days.
package struct Scoring: Sendable {
    /// The days of the run, both ends included; only these get rows.
    package var days: ClosedRange<LocalDay>
    package var weights: RiskWeights
    package var normalization: Normalization
    /// A z-score from which a day is flagged.
    package static let flagThreshold = 2.0
    /// Days before the run whose counts its first rows look back on.
    package static let lookBack = 7

    package init(
        days: ClosedRange<LocalDay>, weights: RiskWeights = .standard, normalization: Normalization = .minmax
    ) {
        self.days = days
        self.weights = weights
        self.normalization = normalization
    }

    /// A row for every cell and day of the run with at least one event.
    ///
    /// With c(t) the count on day t, a day without events being 0:
    /// - rolling_7d_avg = (c(t-6) + … + c(t)) / 7, previous = (c(t-7) + … + c(t-1)) / 7
    /// - growth_rate = (c - previous) / max(previous, 1/7)
    /// - risk = the weighted sum of c, growth_rate and rolling_7d_avg
    /// - z_score = (c - mean) / sd over every day of the run, zeros included, population sd; 0 when sd = 0
    ///
    /// `counts` must hold the seven days before the run as well. O(n) in the number of counts.
    package func rows(of counts: CellDayCounts) -> ScoredRows {
        var rows = ScoredRows()
        var start = 0
        while start < counts.cells.count {
            var end = start + 1
            while end < counts.cells.count, counts.cells[end] == counts.cells[start] { end += 1 }
            append(counts, start..<end, to: &rows)
            start = end
        }
        rows.scores = normalization.scores(of: rows.risks)
        rows.levels = rows.scores.map(RiskLevel.init(score:))
        return rows
    }

    /// The rows of one cell, whose counts lie at `range`.
    private func append(_ counts: CellDayCounts, _ range: Range<Int>, to rows: inout ScoredRows) {
        let spread = Spread(counts, range, over: days)
        // The window holds the days t-7 … t-1; `oldest` is the first count that may still be in it.
        var oldest = range.lowerBound
        var window = 0
        for index in range {
            let day = counts.days[index]
            while counts.days[oldest].distance(to: day) > Self.lookBack {
                window -= counts.counts[oldest]
                oldest += 1
            }
            let count = counts.counts[index]
            if days.contains(day) {
                let leaving = counts.days[oldest].distance(to: day) == Self.lookBack ? counts.counts[oldest] : 0
                let previous = Double(window) / 7
                let average = Double(window - leaving + count) / 7
                let growth = (Double(count) - previous) / max(previous, 1.0 / 7)
                let zScore = spread.zScore(of: count)
                rows.cells.append(counts.cells[index])
                rows.days.append(day)
                rows.counts.append(count)
                rows.rolling7dAvgs.append(average)
                rows.growthRates.append(growth)
                rows.risks.append(
                    weights.count * Double(count) + weights.growth * growth + weights.average * average)
                rows.zScores.append(zScore)
                rows.flags.append(zScore >= Self.flagThreshold)
            }
            window += count
        }
    }
}

/// Mean and standard deviation of a cell's daily counts over the run.
private struct Spread {
    /// Days of the run.
    private let length: Int
    private let sum: Int
    /// Square root of n Σc² - (Σc)², which is exact in integers before the root: equal counts give exactly 0.
    private let spread: Double

    init(_ counts: CellDayCounts, _ range: Range<Int>, over days: ClosedRange<LocalDay>) {
        var sum = 0
        var squares = 0
        for index in range where days.contains(counts.days[index]) {
            sum += counts.counts[index]
            squares += counts.counts[index] * counts.counts[index]
        }
        length = days.lowerBound.distance(to: days.upperBound) + 1
        self.sum = sum
        spread = Double(length * squares - sum * sum).squareRoot()
    }

    func zScore(of count: Int) -> Double {
        // (c - mean) / sd with both multiplied by n, so that a z-score of exactly 2 is not lost to rounding.
        spread == 0 ? 0 : Double(length * count - sum) / spread
    }
}
