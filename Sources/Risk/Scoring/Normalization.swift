/// How the risks of a run become scores from 0 to 100.
package enum Normalization: String, CaseIterable, Sendable {
    /// 100 (risk - min) / (max - min) over the rows of the run; all 0 when max = min.
    case minmax
    /// The percentage of the run's other rows with a lower risk (`percent_rank` in SQL); 0 for a single row. Risks are
    /// compared to nine decimals, so that equal ones rank alike whatever the rounding of their sums.
    case percentile

    /// The scores of all rows of a run by `percentile`.
    package static func percentiles(of risks: [Double]) -> [Double] {
        guard risks.count > 1 else { return risks.map { _ in 0 } }
        var scores = [Double](repeating: 0, count: risks.count)
        let risks = risks.map { ($0 * 1e9).rounded() }
        let order = risks.indices.sorted { risks[$0] < risks[$1] }
        var lower = 0
        for (place, index) in order.enumerated() {
            if place > 0, risks[index] > risks[order[place - 1]] { lower = place }
            scores[index] = 100 * Double(lower) / Double(risks.count - 1)
        }
        return scores
    }
}
