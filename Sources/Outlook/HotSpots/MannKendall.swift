import Foundation

/// The Mann-Kendall test for a trend of a series, with the correction of the variance for ties.
///
/// M. G. Kendall, "Rank Correlation Methods" (1975); R. O. Gilbert, "Statistical Methods for Environmental Pollution
/// Monitoring" (1987), section 16.4.
package struct MannKendall: Sendable, Equatable {
    /// The number of pairs that rise less the number that fall.
    package let s: Int
    /// (n (n - 1) (2n + 5) - sum over ties of t (t - 1) (2t + 5)) / 18.
    package let variance: Double

    /// s moved by one towards 0, in standard deviations; 0 where the series is constant or has one value.
    package var z: Double {
        guard s != 0, variance > 0 else { return 0 }
        return Double(s - s.signum()) / variance.squareRoot()
    }

    /// The chance of so strong a trend, up or down, in a series without one.
    package var p: Double { erfc(abs(z) / 2.0.squareRoot()) }

    init(s: Int, steps: Int, ties: Int) {
        self.s = s
        let untied: Int = steps * (steps - 1) * (2 * steps + 5)
        variance = Double(untied - ties) / 18
    }

    /// The test of one series of finite numbers.
    package init(_ series: [Double]) {
        var s = 0
        for later in series.indices {
            for earlier in 0..<later {
                s += (series[later] > series[earlier] ? 1 : 0) - (series[later] < series[earlier] ? 1 : 0)
            }
        }
        self.init(s: s, steps: series.count, ties: Self.ties(series))
    }

    /// The tests of the series of many cells at once.
    ///
    /// The pairs of a block of cells are compared together, so that its numbers stay in the processor's cache and are
    /// compared several at a time. O(cells x steps^2).
    ///
    /// - Parameter steps: For each step the value of each cell.
    package static func tests(_ steps: [[Double]]) -> [MannKendall] {
        let cells = steps.first?.count ?? 0
        precondition(steps.allSatisfy { $0.count == cells }, "each step has one value for each cell")
        let size = 64
        var tests: [MannKendall] = []
        tests.reserveCapacity(cells)
        var block = [Double](repeating: 0, count: steps.count * size)
        for start in stride(from: 0, to: cells, by: size) {
            let width = min(size, cells - start)
            for (step, values) in steps.enumerated() {
                for lane in 0..<width { block[step * size + lane] = values[start + lane] }
            }
            let (rises, equals) = compare(block, steps.count, size)
            for lane in 0..<width {
                let ties = equals[lane] == 0 ? 0 : Self.ties(steps.indices.map { block[$0 * size + lane] })
                tests.append(MannKendall(s: Int(rises[lane]), steps: steps.count, ties: ties))
            }
        }
        return tests
    }

    /// For each lane: the pairs of steps that rise less those that fall, and the number of equal pairs.
    private static func compare(_ block: [Double], _ steps: Int, _ size: Int) -> (rises: [Int64], equals: [Int64]) {
        typealias Lanes = SIMD8<Double>
        var rises = [Int64](repeating: 0, count: size)
        var equals = [Int64](repeating: 0, count: size)
        block.withUnsafeBytes { bytes in
            let stride = MemoryLayout<Double>.stride
            for group in Swift.stride(from: 0, to: size, by: Lanes.scalarCount) {
                var rise = SIMD8<Int64>.zero
                var equal = SIMD8<Int64>.zero
                for later in 1..<max(steps, 1) {
                    let new = bytes.loadUnaligned(fromByteOffset: (later * size + group) * stride, as: Lanes.self)
                    for earlier in 0..<later {
                        let old = bytes.loadUnaligned(
                            fromByteOffset: (earlier * size + group) * stride, as: Lanes.self)
                        rise.replace(with: rise &+ 1, where: new .> old)
                        rise.replace(with: rise &- 1, where: new .< old)
                        equal.replace(with: equal &+ 1, where: new .== old)
                    }
                }
                for lane in 0..<Lanes.scalarCount {
                    rises[group + lane] = rise[lane]
                    equals[group + lane] = equal[lane]
                }
            }
        }
        return (rises, equals)
    }

    /// The sum over groups of t equal values of t (t - 1) (2t + 5).
    private static func ties(_ series: [Double]) -> Int {
        let sorted = series.sorted()
        var sum = 0
        var start = 0
        while start < sorted.count {
            var end = start + 1
            while end < sorted.count, sorted[end] == sorted[start] { end += 1 }
            let size = end - start
            sum += size * (size - 1) * (2 * size + 5)
            start = end
        }
        return sum
    }
}
