import Risk

/// The definition of a score, written out day by day without any window or sum kept from one day to the next.
struct NaiveScoring {
    struct Row: Equatable {
        var cell: UInt64
        var day: LocalDay
        var count: Int
        var average = 0.0
        var growth = 0.0
        var risk = 0.0
        var score = 0.0
        var zScore = 0.0
        var flagged = false
    }

    /// Events by cell and day.
    var counts: [UInt64: [LocalDay: Int]]
    var from: LocalDay
    var to: LocalDay
    var weights = RiskWeights.standard
    var isPercentile = false

    /// In ascending order of (cell, day).
    func rows() -> [Row] {
        var rows: [Row] = []
        for cell in counts.keys.sorted() {
            for offset in 0...from.distance(to: to) where c(cell, from.advanced(by: offset)) >= 1 {
                rows.append(row(cell, from.advanced(by: offset)))
            }
        }
        let risks = rows.map(\.risk)
        for index in rows.indices { rows[index].score = score(risks[index], among: risks) }
        return rows
    }

    private func c(_ cell: UInt64, _ day: LocalDay) -> Int { counts[cell]?[day] ?? 0 }

    private func row(_ cell: UInt64, _ day: LocalDay) -> Row {
        let count = Double(c(cell, day))
        let average = (0...6).map { Double(c(cell, day.advanced(by: -$0))) }.reduce(0, +) / 7
        let previous = (1...7).map { Double(c(cell, day.advanced(by: -$0))) }.reduce(0, +) / 7
        let growth = (count - previous) / max(previous, 1.0 / 7)
        let daily = (0...from.distance(to: to)).map { Double(c(cell, from.advanced(by: $0))) }
        let mean = daily.reduce(0, +) / Double(daily.count)
        let variance = daily.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / Double(daily.count)
        // Equal counts have no spread, whatever rounding left of it.
        let deviation = Set(daily).count == 1 ? 0 : variance.squareRoot()
        let zScore = deviation == 0 ? 0 : (count - mean) / deviation
        return Row(
            cell: cell, day: day, count: c(cell, day), average: average, growth: growth,
            risk: weights.count * count + weights.growth * growth + weights.average * average, zScore: zScore,
            flagged: isFlagged(c(cell, day), daily.map { Int($0) }))
    }

    /// Whether (c - mean) / sd >= 2, asked in whole numbers: times n it is n c - S >= 2 sqrt(n Q - S^2).
    private func isFlagged(_ count: Int, _ daily: [Int]) -> Bool {
        let sum = daily.reduce(0, +)
        let spread = daily.count * daily.map { $0 * $0 }.reduce(0, +) - sum * sum
        let above = daily.count * count - sum
        return spread > 0 && above > 0 && above * above >= 4 * spread
    }

    private func score(_ risk: Double, among risks: [Double]) -> Double {
        if isPercentile {
            let lower = risks.count { $0 < risk }
            return risks.count > 1 ? 100 * Double(lower) / Double(risks.count - 1) : 0
        }
        let low = risks.min() ?? 0
        let high = risks.max() ?? 0
        return high == low ? 0 : 100 * (risk - low) / (high - low)
    }
}
