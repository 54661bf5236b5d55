package import Domain

/// How a run turns daily counts of cells into risk, over an interval of days.
///
/// Scores and z-scores are relative to the whole run. The view `daily_figures` derives them from these figures.
package struct Scoring: Sendable {
    /// The days of the run, both ends included. Only these get rows.
    package var days: ClosedRange<LocalDay>
    package var weights: RiskWeights
    package var thresholds: RiskThresholds
    package var normalization: Normalization
    /// How many days before a day its figures look back on.
    package static let lookBack = 7

    package init(
        days: ClosedRange<LocalDay>, weights: RiskWeights = .standard, thresholds: RiskThresholds = .standard,
        normalization: Normalization = .minmax
    ) {
        self.days = days
        self.weights = weights
        self.thresholds = thresholds
        self.normalization = normalization
    }

    /// A row for every cell with at least one event, for each of some days of the run.
    ///
    /// With c(t) the count on day t, a day without events being 0:
    /// - rolling_7d_avg = (c(t-6) + … + c(t)) / 7, previous = (c(t-7) + … + c(t-1)) / 7
    /// - growth_rate = (c - previous) / max(previous, 1/7)
    /// - risk = the weighted sum of c, growth_rate and rolling_7d_avg
    ///
    /// `counts` must include the seven days before each of them. O(n) in the number of counts.
    ///
    /// - Parameter chosen: The days; `nil` for every day of the run.
    package func rows(of counts: CellDayCounts, on chosen: Set<LocalDay>? = nil) -> ScoredRows {
        let isChosen = (0...days.lowerBound.distance(to: days.upperBound)).map { offset in
            chosen?.contains(days.lowerBound.advanced(by: offset)) ?? true
        }
        var rows = ScoredRows()
        var start = 0
        while start < counts.cells.count {
            var end = start + 1
            while end < counts.cells.count, counts.cells[end] == counts.cells[start] { end += 1 }
            append(counts, start..<end, isChosen, to: &rows)
            start = end
        }
        return rows
    }

    /// Appends the rows of one cell, whose counts are at `range`.
    private func append(
        _ counts: CellDayCounts, _ range: Range<Int>, _ isChosen: [Bool], to rows: inout ScoredRows
    ) {
        // The window covers the days t-7 … t-1; `oldest` is the first count that may still be in it.
        var oldest = range.lowerBound
        var window = 0
        for index in range {
            let day = counts.days[index]
            while counts.days[oldest].distance(to: day) > Self.lookBack {
                window -= counts.counts[oldest]
                oldest += 1
            }
            let count = counts.counts[index]
            if days.contains(day), isChosen[days.lowerBound.distance(to: day)] {
                let leaving = counts.days[oldest].distance(to: day) == Self.lookBack ? counts.counts[oldest] : 0
                let previous = Double(window) / 7
                let average = Double(window - leaving + count) / 7
                let growth = (Double(count) - previous) / max(previous, 1.0 / 7)
                rows.cells.append(counts.cells[index])
                rows.days.append(day)
                rows.counts.append(count)
                rows.rolling7dAvgs.append(average)
                rows.growthRates.append(growth)
                rows.risks.append(
                    weights.count * Double(count) + weights.growth * growth + weights.average * average)
            }
            window += count
        }
    }
}
