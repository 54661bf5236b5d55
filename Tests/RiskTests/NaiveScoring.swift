import Domain

/// The definition of a score, computed day by day without windows or running sums.
struct NaiveScoring {
    struct Row: Equatable {
        var cell: UInt64
        var day: LocalDay
        var count: Int
        var average = 0.0
        var growth = 0.0
        var risk = 0.0
    }

    /// Events by cell and day.
    var counts: [UInt64: [LocalDay: Int]]
    var from: LocalDay
    var to: LocalDay
    var weights = RiskWeights.standard

    /// Rows in ascending order of (cell, day).
    func rows() -> [Row] {
        var rows: [Row] = []
        for cell in counts.keys.sorted() {
            for offset in 0...from.distance(to: to) where c(cell, from.advanced(by: offset)) >= 1 {
                rows.append(row(cell, from.advanced(by: offset)))
            }
        }
        return rows
    }

    private func c(_ cell: UInt64, _ day: LocalDay) -> Int { counts[cell]?[day] ?? 0 }

    private func row(_ cell: UInt64, _ day: LocalDay) -> Row {
        let count = Double(c(cell, day))
        let average = (0...6).map { Double(c(cell, day.advanced(by: -$0))) }.reduce(0, +) / 7
        let previous = (1...7).map { Double(c(cell, day.advanced(by: -$0))) }.reduce(0, +) / 7
        let growth = (count - previous) / max(previous, 1.0 / 7)
        return Row(
            cell: cell, day: day, count: c(cell, day), average: average, growth: growth,
            risk: weights.count * count + weights.growth * growth + weights.average * average)
    }
}
