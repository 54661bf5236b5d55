package import Domain

extension Normalization {
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
