import Foundation

/// The Benjamini-Hochberg procedure over two-sided tests of z-scores.
///
/// Y. Benjamini and Y. Hochberg, "Controlling the False Discovery Rate", J. R. Statist. Soc. B 57 (1995).
enum FalseDiscovery {
    /// The two-sided p-value of a z-score.
    static func p(_ z: Double) -> Double { erfc(abs(z) / 2.0.squareRoot()) }

    /// The largest p-value that is significant: the greatest of the ordered p(1) <= … <= p(m) with p(k) <= k alpha / m.
    ///
    /// - Parameter steps: z-scores of each step and cell; all of them are tests, also those that are 0 by definition.
    /// - Returns: `nil` where none is significant.
    static func threshold(_ steps: [[Double]], alpha: Double) -> Double? {
        // Only scores whose p is at most alpha can be significant, and those are few.
        let least = leastScore(alpha)
        var small: [Double] = []
        var tests = 0
        for scores in steps {
            tests += scores.count
            for score in scores where abs(score) >= least {
                let p = p(score)
                if p <= alpha { small.append(p) }
            }
        }
        small.sort()
        return small.indices.reversed()
            .first { small[$0] <= Double($0 + 1) * alpha / Double(tests) }
            .map { small[$0] }
    }

    /// A score just below the one whose p is alpha, found by halving.
    static func leastScore(_ alpha: Double) -> Double {
        var low = 0.0
        var high = 40.0
        for _ in 0..<40 {
            let middle = (low + high) / 2
            if p(middle) > alpha { low = middle } else { high = middle }
        }
        return low - 1e-6
    }
}
