import Foundation

/// Exponentially forgotten counts: each event weighs 1/2 for every half-life that has passed since its day.
///
/// Instead of making old counts less, new ones are made more: a day costs as much as it has cells with events, whatever
/// the area. When the weights of new days become large, all are divided.
struct CellMemory: Sendable {
    /// In days.
    let halfLife: Double
    private var scaled: [Double]
    private var scaledTotal = 0.0
    /// The binary logarithm of today's weight.
    private var exponent = 0.0

    init(halfLife: Double, cells: Int) {
        self.halfLife = halfLife
        scaled = [Double](repeating: 0, count: cells)
    }

    /// Adds the next day.
    mutating func add(_ day: CellCounts) {
        exponent += 1 / halfLife
        if exponent > 64 {
            let factor = exp2(-exponent)
            for cell in scaled.indices { scaled[cell] *= factor }
            scaledTotal *= factor
            exponent = 0
        }
        let weight = exp2(exponent)
        for (position, count) in zip(day.positions, day.counts) {
            scaled[Int(position)] += weight * Double(count)
        }
        scaledTotal += weight * Double(day.total)
    }

    /// The forgotten count of every cell.
    var counts: [Double] {
        let factor = exp2(-exponent)
        return scaled.map { $0 * factor }
    }

    /// Each cell's share of all forgotten events; the same for every cell where there are none.
    var shares: [Double] {
        guard scaledTotal > 0 else { return [Double](repeating: 1 / Double(scaled.count), count: scaled.count) }
        let factor = 1 / scaledTotal
        return scaled.map { $0 * factor }
    }
}

/// Exponentially forgotten totals: events and what they are measured by (days, or expected events).
struct ForgottenRate: Sendable {
    private let factor: Double
    private(set) var events = 0.0
    private(set) var exposure = 0.0

    init(halfLife: Double) { factor = exp2(-1 / halfLife) }

    mutating func add(_ events: Double, exposure: Double) {
        self.events = self.events * factor + events
        self.exposure = self.exposure * factor + exposure
    }
}
