import Foundation

/// A simpler forecast that an outlook must be better than.
///
/// A rival gives every cell a number. It becomes an expected count as a + b times the number, with the two fitted, like
/// the dispersion, on the same past origins as the outlook's weights: each rival is as good as its number can be.
package enum Rival: Sendable, Hashable, Codable {
    /// The risk score of the last day, given by the caller.
    case riskScore
    /// The events of the last so many days.
    case counts(days: Int)
    /// Exponentially forgotten events with a half-life of so many days.
    case forgotten(halfLife: Int)
    /// A Gaussian kernel over the events of the last 365 days, with a bandwidth in hundredths of the distance of two
    /// neighbours.
    case kernel(hundredths: Int)

    package static let standard: [Rival] =
        [7, 28, 90, 365, 730].map { .counts(days: $0) } + [90, 365].map { .forgotten(halfLife: $0) }
        + [40, 60, 100].map { .kernel(hundredths: $0) }

    package var name: String {
        switch self {
        case .riskScore: "risk score"
        case .counts(let days): "counts of \(days) days"
        case .forgotten(let halfLife): "forgotten counts, half-life \(halfLife) days"
        case .kernel(let hundredths): "kernel density, bandwidth \(hundredths) %"
        }
    }
}

/// The numbers that all rivals give to the cells, kept up day by day.
struct RivalNumbers {
    let rivals: [Rival]
    private let cells: Int
    private let rings: [CellRing]
    private var recent: [Int: [Double]] = [:]
    private var memories: [Int: CellMemory] = [:]
    private var past: [CellCounts] = []

    /// The distance of the rings 1, 2 and 3 in units of the distance of two neighbours, as the mean over each ring.
    private static let distances: [Double] = {
        let (third, seventh) = (3.0.squareRoot(), 7.0.squareRoot())
        return [1.0, (2.0 + third) / 2.0, (6.0 * 3.0 + 12.0 * seventh) / 18.0]
    }()
    /// The days over which a kernel is laid.
    private static let kernelDays = 365

    init(_ rivals: [Rival], area: StudyArea) throws {
        self.rivals = rivals
        cells = area.count
        let hasKernel = rivals.contains { if case .kernel = $0 { true } else { false } }
        rings = hasKernel ? [area.ring, try area.ring(at: 2), try area.ring(at: 3)] : []
        for rival in rivals {
            switch rival {
            case .riskScore: break
            case .counts(let days): recent[days] = [Double](repeating: 0, count: cells)
            case .forgotten(let halfLife):
                memories[halfLife] = CellMemory(halfLife: Double(halfLife), cells: cells)
            case .kernel: recent[Self.kernelDays] = [Double](repeating: 0, count: cells)
            }
        }
    }

    mutating func add(_ day: CellCounts) {
        past.append(day)
        for days in Array(recent.keys) {
            Self.change(&recent[days, default: []], day, 1)
            if past.count > days { Self.change(&recent[days, default: []], past[past.count - 1 - days], -1) }
        }
        for halfLife in Array(memories.keys) { memories[halfLife]?.add(day) }
    }

    private static func change(_ sums: inout [Double], _ day: CellCounts, _ sign: Double) {
        for (position, count) in zip(day.positions, day.counts) { sums[Int(position)] += sign * Double(count) }
    }

    /// The numbers of every rival for every cell.
    ///
    /// - Parameter scores: The risk score of each cell; `nil` for none, which is a score of 0.
    func numbers(riskScores scores: [Double]?) -> [[Double]] {
        rivals.map { rival in
            switch rival {
            case .riskScore: scores ?? [Double](repeating: 0, count: cells)
            case .counts(let days): (recent[days] ?? []).map { $0 / Double(days) }
            case .forgotten(let halfLife): memories[halfLife]?.counts ?? []
            case .kernel(let hundredths): smoothed(Double(hundredths) / 100)
            }
        }
    }

    private func smoothed(_ bandwidth: Double) -> [Double] {
        let counts = recent[Self.kernelDays] ?? []
        var sums = counts
        for (ring, distance) in zip(rings, Self.distances) {
            let reach = distance / bandwidth
            let weight = exp(-reach * reach / 2)
            for cell in sums.indices {
                var sum = 0.0
                for member in ring.range(cell) { sum += counts[Int(ring.members[member])] }
                sums[cell] += weight * sum
            }
        }
        return sums.map { $0 / Double(Self.kernelDays) }
    }
}
