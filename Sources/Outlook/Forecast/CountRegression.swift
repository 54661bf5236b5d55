import Foundation

/// Rows for a regression of counts: each has the same number of non-zero columns.
struct RegressionRows: Sendable {
    let width: Int
    let filled: Int
    private(set) var columns: [UInt8] = []
    private(set) var values: [Double] = []
    private(set) var counts: [Int32] = []

    /// - Parameters:
    ///   - width: The number of columns, up to 255.
    ///   - filled: The number of those that a row may have other than 0.
    init(width: Int, filled: Int) {
        self.width = width
        self.filled = filled
    }

    mutating func append(_ entries: [(column: Int, value: Double)], count: Int32) {
        precondition(entries.count == filled)
        for (column, value) in entries {
            columns.append(UInt8(column))
            values.append(value)
        }
        counts.append(count)
    }

    /// The weighted sum of each row.
    func means(_ weights: [Double], least: Double) -> [Double] {
        counts.indices.map { row in
            var sum = 0.0
            for entry in row * filled..<(row + 1) * filled { sum += values[entry] * weights[Int(columns[entry])] }
            return max(sum, least)
        }
    }
}

/// A regression of negative binomial counts with an identity link and weights that are not negative.
///
/// Means are weighted sums of columns. Weights are found by Fisher scoring, where each step is a least squares problem
/// with bounds, and the two numbers of the dispersion by maximum likelihood.
struct CountRegression: Sendable {
    private(set) var weights: [Double]
    private(set) var noise = 0.1
    private(set) var steadiness = 20.0
    /// The mean log score of the rows.
    private(set) var score = -Double.infinity

    /// Means below this are raised to it while fitting.
    private static let least = 1e-7
    /// The largest number of rows that the dispersion is fitted on.
    private static let dispersionRows = 60_000

    /// - Parameters:
    ///   - prior: The weights that hold without data, and where the search begins.
    ///   - spread: The standard deviation of the weights around these; infinite for none.
    ///   - bounds: The least value of each weight.
    init(_ rows: RegressionRows, prior: [Double], spread: Double = .infinity, bounds: [Double]) {
        weights = zip(prior, bounds).map(max)
        guard !rows.counts.isEmpty else { return }
        for round in 0..<3 {
            for _ in 0..<(round == 0 ? 6 : 2) { improve(rows, prior, spread, bounds) }
            fitDispersion(rows, isLast: round == 2)
        }
    }

    /// One step of Fisher scoring.
    private mutating func improve(_ rows: RegressionRows, _ prior: [Double], _ spread: Double, _ bounds: [Double]) {
        let width = rows.width
        var matrix = [Double](repeating: 0, count: width * width)
        var right = [Double](repeating: 0, count: width)
        let means = rows.means(weights, least: Self.least)
        rows.columns.withUnsafeBufferPointer { columns in
            rows.values.withUnsafeBufferPointer { values in
                matrix.withUnsafeMutableBufferPointer { matrix in
                    for row in means.indices {
                        let mean = means[row]
                        let precision = 1 / (mean * (1 + noise + mean / steadiness))
                        let count = Double(rows.counts[row])
                        let first = row * rows.filled
                        for entry in first..<first + rows.filled {
                            let value = values[entry] * precision
                            guard value != 0 else { continue }
                            let column = Int(columns[entry])
                            right[column] += value * count
                            for other in first...entry {
                                matrix[column * width + Int(columns[other])] += value * values[other]
                            }
                        }
                    }
                }
            }
        }
        // The columns of a row ascend, so the lower triangle is filled.
        for row in 0..<width { for column in 0..<row { matrix[column * width + row] = matrix[row * width + column] } }
        let pull = spread.isFinite ? 1 / (spread * spread) : 0
        for column in 0..<width {
            matrix[column * width + column] += pull + 1e-9
            right[column] += pull * prior[column] + 1e-9 * prior[column]
        }
        weights = Self.solved(matrix, right, from: weights, bounds)
    }

    /// The least of w'Aw / 2 - b'w with every weight at its bound or above, by coordinate descent.
    private static func solved(
        _ matrix: [Double], _ right: [Double], from start: [Double], _ bounds: [Double]
    ) -> [Double] {
        let width = right.count
        var weights = start
        for _ in 0..<5_000 {
            var change = 0.0
            for row in 0..<width {
                let diagonal = matrix[row * width + row]
                guard diagonal > 0 else { continue }
                var rest = right[row]
                for column in 0..<width { rest -= matrix[row * width + column] * weights[column] }
                let moved = max(bounds[row], weights[row] + rest / diagonal)
                change = max(change, abs(moved - weights[row]))
                weights[row] = moved
            }
            if change < 1e-7 { break }
        }
        return weights
    }

    /// Fits noise and steadiness, one after the other, by golden section on their logarithms.
    private mutating func fitDispersion(_ rows: RegressionRows, isLast: Bool) {
        let means = rows.means(weights, least: Self.least)
        let step = max(1, means.count / Self.dispersionRows)
        let chosen = Array(stride(from: 0, to: means.count, by: step))
        func score(_ noise: Double, _ steadiness: Double) -> Double {
            chosen.reduce(0) { sum, row in
                let size = means[row] / (noise + means[row] / steadiness)
                return sum + CountDistribution(mean: means[row], size: size).logProbability(Int(rows.counts[row]))
            }
        }
        for _ in 0..<2 {
            let fixed = steadiness
            noise = exp(Self.greatest(-7...1.5) { score(exp($0), fixed) })
            let found = noise
            steadiness = exp(Self.greatest(-1...8) { score(found, exp($0)) })
        }
        if isLast { self.score = score(noise, steadiness) / Double(chosen.count) }
    }

    /// The place of the greatest value of a function with one hill: golden section.
    private static func greatest(_ range: ClosedRange<Double>, _ value: (Double) -> Double) -> Double {
        let ratio = (5.0.squareRoot() - 1) / 2
        var (low, high) = (range.lowerBound, range.upperBound)
        var (left, right) = (high - ratio * (high - low), low + ratio * (high - low))
        var (leftValue, rightValue) = (value(left), value(right))
        while high - low > 0.02 {
            if leftValue > rightValue {
                (high, right, rightValue) = (right, left, leftValue)
                left = high - ratio * (high - low)
                leftValue = value(left)
            } else {
                (low, left, leftValue) = (left, right, rightValue)
                right = low + ratio * (high - low)
                rightValue = value(right)
            }
        }
        return (low + high) / 2
    }
}
