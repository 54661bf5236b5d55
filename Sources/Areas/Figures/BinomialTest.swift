import Foundation

/// The exact test of whether two Poisson counts over periods of the same length have the same mean: given their sum,
/// each is binomial with a share of 1/2 (J. Przyborowski and H. Wilenski, Biometrika 31, 1940).
enum BinomialTest {
    /// The chance that two counts with the sum `a + b` and the same mean differ at least as much as `a` and `b`.
    static func p(_ a: Int, _ b: Int) -> Double {
        precondition(a >= 0 && b >= 0, "counts are not negative")
        guard a != b else { return 1 }
        let count = a + b
        // The distribution is symmetrical, so both tails are the same.
        var successes = min(a, b)
        var term = probability(successes, of: count)
        var tail = 0.0
        while successes >= 0, term > tail * 1e-18 {
            tail += term
            term *= Double(successes) / Double(count - successes + 1)
            successes -= 1
        }
        return min(1, 2 * tail)
    }

    /// The chance of `x` of `n` at a share of 1/2, to the precision of the type also where n is millions.
    ///
    /// Source: C. Loader, "Fast and accurate computation of binomial probabilities" (2000): differences of large
    /// logarithms are avoided by the error of Stirling's formula and the deviance.
    private static func probability(_ x: Int, of n: Int) -> Double {
        guard x > 0, x < n else { return pow(0.5, Double(n)) }
        let (left, right, all) = (Double(x), Double(n - x), Double(n))
        let exponent =
            stirlingError(all) - stirlingError(left) - stirlingError(right) - deviance(left, all / 2)
            - deviance(right, all / 2)
        return exp(exponent) * (all / (2 * .pi * left * right)).squareRoot()
    }

    /// log(n!) less Stirling's formula for it.
    private static func stirlingError(_ n: Double) -> Double {
        if n < 16 {
            return lgamma(n + 1) - ((n + 0.5) * log(n) - n + 0.5 * log(2 * .pi))
        }
        let square = n * n
        let series = 1.0 / 1260 - (1.0 / 1680 - (1.0 / 1188) / square) / square
        return (1.0 / 12 - (1.0 / 360 - series / square) / square) / n
    }

    /// x log(x / m) + m - x.
    private static func deviance(_ x: Double, _ mean: Double) -> Double {
        guard abs(x - mean) < 0.1 * (x + mean) else { return x * log(x / mean) + mean - x }
        let ratio = (x - mean) / (x + mean)
        var sum = (x - mean) * ratio
        var term = 2 * x * ratio
        for step in 1..<1000 {
            term *= ratio * ratio
            let next = sum + term / Double(2 * step + 1)
            if next == sum { break }
            sum = next
        }
        return sum
    }
}
