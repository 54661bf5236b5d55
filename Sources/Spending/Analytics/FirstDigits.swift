import Foundation

/// How often each digit from 1 to 9 comes first in positive amounts, beside Benford's law.
///
/// The law says that digit d comes first with a probability of log10(1 + 1/d). Amounts from a threshold on ("over 500")
/// break it by themselves. The words for the mean deviation are those of Nigrini, "Benford's Law" (2012).
package struct FirstDigits: Hashable, Sendable {
    /// The counts of the digits from 1 to 9.
    package let counts: [Int]
    /// The sum of (observed - expected)^2 / expected over the digits, with 8 degrees of freedom; `nil` without amounts,
    /// as are all below.
    package let chiSquare: Double?
    /// The chance of a sum at least as large where the law holds.
    package let p: Double?
    /// The mean of the distances between the observed and the expected share, from 0 to 1.
    package let meanDeviation: Double?
    /// How well the mean deviation conforms: `close`, `acceptable`, `marginal` or `none`.
    package let conformity: String?

    /// The probabilities of the digits from 1 to 9.
    package static let expected = (1...9).map { log10(1 + 1 / Double($0)) }

    /// - Parameter counts: The counts of the digits from 1 to 9.
    package init(counts: [Int]) {
        self.counts = counts
        let sum = counts.reduce(0, +)
        guard sum > 0 else {
            (chiSquare, p, meanDeviation, conformity) = (nil, nil, nil, nil)
            return
        }
        let total = Double(sum)
        var (square, deviation) = (0.0, 0.0)
        for (count, share) in zip(counts, Self.expected) {
            let distance = Double(count) - total * share
            square += distance * distance / (total * share)
            deviation += (distance / total).magnitude
        }
        deviation /= 9
        chiSquare = square
        p = Self.tail(square)
        meanDeviation = deviation
        conformity =
            deviation <= 0.006 ? "close" : deviation <= 0.012 ? "acceptable" : deviation <= 0.015 ? "marginal" : "none"
    }

    /// The upper tail of the chi-square distribution with 8 degrees of freedom, which for an even number is a sum:
    /// exp(-x/2) (1 + x/2 + (x/2)^2 / 2 + (x/2)^3 / 6).
    private static func tail(_ square: Double) -> Double {
        let half = square / 2
        return exp(-half) * (1 + half * (1 + half / 2 * (1 + half / 3)))
    }
}
