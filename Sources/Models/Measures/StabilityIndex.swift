import Foundation

/// The population stability index: how far the distribution of numbers has moved from a reference.
package enum StabilityIndex {
    /// The least share of a bin, so that an empty one has a logarithm.
    package static let leastShare = 1e-4

    /// sum (a - e) ln(a / e) over the bins, where e and a are the shares of the reference and of the counts, each at
    /// least ``leastShare``; 0 or above. Without a count on either side it is 0.
    package static func value(reference: [Int], counts: [Int]) -> Double {
        let (all, now) = (reference.reduce(0, +), counts.reduce(0, +))
        guard all > 0, now > 0 else { return 0 }
        return zip(reference, counts).reduce(0) { sum, bin in
            let expected = max(leastShare, Double(bin.0) / Double(all))
            let actual = max(leastShare, Double(bin.1) / Double(now))
            return sum + (actual - expected) * log(actual / expected)
        }
    }
}

/// The distribution of a feature that later ones are compared with.
package struct ReferenceBins: Hashable, Sendable, Codable {
    package let name: String
    /// The upper ends of all bins but the last, ascending. A number that equals one belongs to its bin.
    package let edges: [Double]
    /// The counts of the bins, and of missing numbers at the end.
    package let counts: [Int]

    private static let bins = 10

    /// Bins by the tenths of the numbers; fewer where numbers repeat. NaN is a missing number.
    package init(name: String, of numbers: [Float]) {
        let sorted = numbers.filter { !$0.isNaN }.sorted()
        var edges: [Double] = []
        if !sorted.isEmpty {
            for tenth in 1..<Self.bins {
                let edge = Double(sorted[min(sorted.count - 1, sorted.count * tenth / Self.bins)])
                if edges.last.map({ edge > $0 }) ?? true { edges.append(edge) }
            }
        }
        self.name = name
        self.edges = edges
        counts = Self.counts(numbers, edges)
    }

    /// The index of other numbers of the feature.
    package func stabilityIndex(of numbers: [Float]) -> Double {
        StabilityIndex.value(reference: counts, counts: Self.counts(numbers, edges))
    }

    private static func counts(_ numbers: [Float], _ edges: [Double]) -> [Int] {
        var counts = [Int](repeating: 0, count: edges.count + 2)
        for number in numbers {
            guard !number.isNaN else {
                counts[edges.count + 1] += 1
                continue
            }
            var (low, high) = (0, edges.count)
            while low < high {
                let middle = (low + high) / 2
                if Double(number) <= edges[middle] { high = middle } else { low = middle + 1 }
            }
            counts[low] += 1
        }
        return counts
    }
}
