import Foundation

/// The weights by which signals become expected counts, and how uncertain those are, for one horizon.
///
/// The rate of a cell is a weighted sum of shares times the expected events of the area. The weights depend on the
/// evidence n, the cell's forgotten events: at knots of n they are fitted, between two knots they follow log(1 + n). So
/// a busy cell is judged by its own recent past, and a quiet one by its long past and its surroundings. A count given
/// the rate is Poisson, and the rate is Gamma-distributed with the shape mean / (`noise` + mean / `steadiness`), which
/// makes the count negative binomial.
package struct ForecastModel: Sendable, Equatable, Codable {
    /// The evidence at which weights are given.
    package static let knots: [Double] = [0, 4, 20, 100]

    /// In days, 1 to `ForecastState.longestHorizon`.
    package let horizon: Int
    /// `weights[knot][signal]`, none negative.
    package let weights: [[Double]]
    /// The weight of the same share for every cell, above 0 so that nothing is impossible.
    package let everywhere: Double
    /// The excess of the variance over the mean, as a share of the mean, for small means.
    package let noise: Double
    /// The shape of the Gamma distribution that large means approach.
    package let steadiness: Double
    /// The origins the weights were fitted on; 0 for the usual weights.
    package let origins: Int

    /// The weights that a model has before there is a past to fit them on: rounded from fits on Toronto 2014 to 2019
    /// and Chicago 2010 to 2017.
    package static func usual(horizon: Int) -> ForecastModel {
        ForecastModel(
            horizon: horizon,
            weights: [
                [0, 0, 1.3, 0, 0.02, 0.01], [0, 0.05, 0.85, 0.03, 0.03, 0.01], [0.04, 0.1, 0.8, 0.05, 0, 0.01],
                [0.08, 0.4, 0.5, 0.04, 0, 0],
            ],
            everywhere: 0.002, noise: 0.06, steadiness: 25, origins: 0)
    }

    /// The place of an evidence among the knots: the lower of two knots, and the share of the upper one.
    static func place(_ evidence: Double) -> (knot: Int, upper: Double) {
        let scale = logKnots
        let value = log1p(max(0, evidence))
        guard value < scale[scale.count - 1] else { return (scale.count - 2, 1) }
        var knot = 0
        while value >= scale[knot + 1] { knot += 1 }
        return (knot, (value - scale[knot]) / (scale[knot + 1] - scale[knot]))
    }

    private static let logKnots = knots.map { log1p($0) }

    /// The size of the negative binomial of a mean.
    func size(_ mean: Double) -> Double { mean / (noise + mean / steadiness) }

    /// The distribution of a cell's count.
    ///
    /// - Parameter total: The expected events of the area.
    func distribution(_ signals: CellSignals, _ cell: Int, _ total: Double) -> CountDistribution {
        let (knot, upper) = Self.place(signals.evidence[cell])
        var share = everywhere / Double(signals.evidence.count)
        for signal in signals.columns.indices {
            let weight = weights[knot][signal] * (1 - upper) + weights[knot + 1][signal] * upper
            share += weight * signals.columns[signal][cell]
        }
        let mean = max(share * total, 1e-12)
        return CountDistribution(mean: mean, size: size(mean))
    }
}
