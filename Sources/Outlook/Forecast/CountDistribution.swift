import Foundation

/// The distribution of a count: negative binomial, or Poisson where its size is infinite.
///
/// A negative binomial is a Poisson whose rate is itself Gamma-distributed, with the size as the shape of that Gamma:
/// the variance is mean + mean^2 / size.
package struct CountDistribution: Sendable, Equatable {
    /// The expected count, above 0 and at most `mostExpected`.
    package let mean: Double
    /// Above 0; infinite for Poisson.
    package let size: Double

    package static let mostExpected = 1_000_000.0
    /// Tails below this are left out of sums.
    private static let negligible = 1e-13

    /// Creates a distribution; a mean outside its range is moved to the nearest end.
    package init(mean: Double, size: Double = .infinity) {
        self.mean = min(max(mean, 1e-12), Self.mostExpected)
        self.size = max(size, 1e-6)
    }

    package var variance: Double { mean + mean * mean / size }

    /// The chance of at least one event.
    package var chanceOfAny: Double {
        size.isFinite ? -expm1(-size * log1p(mean / size)) : -expm1(-mean)
    }

    /// The logarithm of the chance of exactly `count`.
    package func logProbability(_ count: Int) -> Double {
        let k = Double(count)
        guard size.isFinite else { return k * log(mean) - mean - logGamma(k + 1) }
        let base = -size * log1p(mean / size)
        guard count > 0 else { return base }
        let odds = mean / (size + mean)
        if count <= 16 {
            var product = 1.0
            for index in 0..<count { product *= (size + Double(index)) / Double(index + 1) * odds }
            return base + log(product)
        }
        return base + logGamma(k + size) - logGamma(size) - logGamma(k + 1) + k * log(odds)
    }

    /// The least count that is not negligible, with its chance. Below it there is less than 10^-13 in total.
    private var start: (count: Int, chance: Double) {
        let first = max(0, Int((mean - 12 * variance.squareRoot()).rounded(.down)))
        return (first, exp(logProbability(first)))
    }

    /// The chance of `count` + 1, from that of `count`.
    private func next(_ count: Int, _ chance: Double) -> Double {
        let k = Double(count)
        return size.isFinite
            ? chance * (size + k) / (k + 1) * (mean / (size + mean)) : chance * mean / (k + 1)
    }

    /// The chances of fewer than `count` and of exactly `count`.
    package func chances(below count: Int) -> (below: Double, equal: Double) {
        var (index, chance) = start
        guard count >= index else { return (0, exp(logProbability(count))) }
        var below = 0.0
        while index < count {
            below += chance
            chance = next(index, chance)
            index += 1
            if index > Int(mean), chance < Self.negligible { return (min(1, below), chance) }
        }
        return (min(1, below), chance)
    }

    /// The chance of `count` or more.
    package func chance(ofAtLeast count: Int) -> Double {
        guard count > 0 else { return 1 }
        // The upper tail is summed itself where it is small, so that it has digits of its own.
        guard Double(count) > mean else { return 1 - chances(below: count).below }
        var index = count
        var chance = exp(logProbability(count))
        var sum = 0.0
        while chance > sum * 1e-16, chance > 0 {
            sum += chance
            chance = next(index, chance)
            index += 1
        }
        return min(1, sum)
    }

    /// The least counts at which the distribution function reaches each of some shares, ascending, each below 1.
    package func quantiles(_ shares: [Double]) -> [Int] {
        var (index, chance) = start
        var sum = chance
        return shares.map { share in
            while sum < share, index <= Int(mean) || chance > Self.negligible {
                chance = next(index, chance)
                index += 1
                sum += chance
            }
            return index
        }
    }

    /// The continuous ranked probability score of an observed count: the sum over k of (F(k) - [count <= k])^2, where
    /// less is better. T. Gneiting and A. E. Raftery, J. Am. Stat. Assoc. 102 (2007).
    package func crps(_ count: Int) -> Double {
        var (index, chance) = start
        var below = 0.0
        // Between an observation far below and the first chance that is not negligible, each term is 1.
        var score = Double(max(0, index - count))
        while true {
            below += chance
            let difference = min(below, 1) - (index >= count ? 1 : 0)
            score += difference * difference
            if index > Int(mean), chance < Self.negligible || 1 - below < Self.negligible {
                // From here on the distribution function is 1, up to the observation.
                return score + Double(max(0, count - 1 - index))
            }
            chance = next(index, chance)
            index += 1
        }
    }
}
