import Foundation

/// A division of rows into clusters around their means.
///
/// Lloyd's algorithm (1982) from the starts of k-means++ (Arthur and Vassilvitskii, 2007), each followed by moves of
/// single rows that lower the inertia (Hartigan and Wong, 1979), which Lloyd's algorithm alone does not find.
package struct KMeans: Hashable, Sendable {
    /// The means of the clusters, one row each.
    package let centres: Points
    /// The cluster of each row, from 0.
    package let labels: [Int]
    /// The sum of the squared distances of the rows to their centres.
    package let inertia: Double

    package static let usualStarts = 20
    private static let mostRounds = 300

    /// The best of several starts.
    /// - Parameters:
    ///   - clusters: From 1 to the number of different rows.
    ///   - starts: The number of starts, at least 1.
    ///   - seed: The same seed gives the same clusters.
    /// - Throws: ``ModelError`` with code `.data` when there are fewer different rows than clusters.
    package init(
        _ points: Points, clusters: Int, starts: Int = usualStarts, seed: UInt64
    ) throws(ModelError) {
        guard clusters >= 1, clusters <= Self.different(points) else {
            throw ModelError(.data, "\(clusters) clusters need as many different rows, but there are fewer")
        }
        var bits = SeededBits(seed: seed)
        var best: KMeansSearch?
        for _ in 0..<max(1, starts) {
            var search = KMeansSearch(points, clusters: clusters, &bits)
            search.settle(most: Self.mostRounds)
            if best.map({ search.inertia < $0.inertia }) ?? true { best = search }
        }
        guard let best else { throw ModelError(.data, "there are no rows") }
        let order = best.order
        var places = [Int](repeating: 0, count: clusters)
        for (place, cluster) in order.enumerated() { places[cluster] = place }
        let columns = points.columns
        centres = Points(
            values: order.flatMap { best.centres[$0 * columns..<($0 + 1) * columns] }, columns: columns)
        labels = best.labels.map { places[$0] }
        inertia = best.inertia
    }

    /// The number of different rows.
    package static func different(_ points: Points) -> Int {
        Set((0..<points.rows).map { Array(points[$0]) }).count
    }
}

/// One start of a search for clusters.
private struct KMeansSearch {
    private let points: Points
    private let clusters: Int
    /// The centres, row by row.
    private(set) var centres: [Double]
    private(set) var labels: [Int]
    private var sizes: [Int]

    /// Chooses the first centres: each next one with a chance that grows with the squared distance to those there are.
    /// The candidate that lowers the inertia most is taken, as scikit-learn does.
    init(_ points: Points, clusters: Int, _ bits: inout SeededBits) {
        self.points = points
        self.clusters = clusters
        let candidates = 2 + Int(log2(Double(clusters)))
        var chosen = [bits.index(below: points.rows)]
        var nearest = (0..<points.rows).map { points.squaredDistance($0, chosen[0]) }
        while chosen.count < clusters {
            let total = nearest.reduce(0, +)
            var best: (row: Int, nearest: [Double], total: Double)?
            for _ in 0..<candidates {
                let row = Self.draw(nearest, total: total, &bits)
                let after = nearest.enumerated().map { min($1, points.squaredDistance($0, row)) }
                let sum = after.reduce(0, +)
                if best.map({ sum < $0.total }) ?? true { best = (row, after, sum) }
            }
            guard let best else { break }
            chosen.append(best.row)
            nearest = best.nearest
        }
        centres = chosen.flatMap { Array(points[$0]) }
        labels = [Int](repeating: -1, count: points.rows)
        sizes = [Int](repeating: 0, count: clusters)
    }

    /// A row, with a chance in proportion to its weight. Rows with weight 0 are never drawn while others are left.
    private static func draw(_ weights: [Double], total: Double, _ bits: inout SeededBits) -> Int {
        var rest = bits.share() * total
        var last = 0
        for (row, weight) in weights.enumerated() where weight > 0 {
            last = row
            rest -= weight
            if rest < 0 { return row }
        }
        return last
    }

    var inertia: Double {
        labels.enumerated().reduce(0) { $0 + points.squaredDistance($1.offset, to: $1.element, of: centres) }
    }

    /// The clusters, those with the largest first coordinate of their centre first, so that their numbers mean
    /// something.
    var order: [Int] {
        (0..<clusters).sorted { left, right in
            let (a, b) = (centres[left * points.columns], centres[right * points.columns])
            return a == b ? left < right : a > b
        }
    }

    /// Moves rows and centres until nothing changes any more.
    mutating func settle(most rounds: Int) {
        for _ in 0..<rounds {
            guard assign() else { break }
            fillEmpty()
            average()
        }
        for _ in 0..<rounds {
            guard moveSingles() else { break }
        }
    }

    /// Gives each row to its nearest centre.
    /// - Returns: Whether any row moved.
    private mutating func assign() -> Bool {
        var hasMoved = false
        for row in 0..<points.rows {
            var best = (cluster: 0, distance: Double.infinity)
            for cluster in 0..<clusters {
                let distance = points.squaredDistance(row, to: cluster, of: centres)
                if distance < best.distance { best = (cluster, distance) }
            }
            if labels[row] != best.cluster {
                labels[row] = best.cluster
                hasMoved = true
            }
        }
        sizes = [Int](repeating: 0, count: clusters)
        for label in labels { sizes[label] += 1 }
        return hasMoved
    }

    /// Gives each cluster without rows the row that is farthest from its centre.
    private mutating func fillEmpty() {
        for cluster in 0..<clusters where sizes[cluster] == 0 {
            var far = (row: -1, distance: -1.0)
            for row in 0..<points.rows where sizes[labels[row]] > 1 {
                let distance = points.squaredDistance(row, to: labels[row], of: centres)
                if distance > far.distance { far = (row, distance) }
            }
            guard far.row >= 0 else { return }
            sizes[labels[far.row]] -= 1
            labels[far.row] = cluster
            sizes[cluster] = 1
        }
    }

    private mutating func average() {
        centres = [Double](repeating: 0, count: clusters * points.columns)
        for row in 0..<points.rows {
            for (column, value) in points[row].enumerated() { centres[labels[row] * points.columns + column] += value }
        }
        for index in centres.indices { centres[index] /= Double(max(1, sizes[index / points.columns])) }
    }

    /// Moves each row to the cluster where it lowers the inertia most, with the centres following at once.
    /// - Returns: Whether any row moved.
    private mutating func moveSingles() -> Bool {
        var hasMoved = false
        for row in 0..<points.rows where sizes[labels[row]] > 1 {
            let from = labels[row]
            let size = Double(sizes[from])
            let gain = points.squaredDistance(row, to: from, of: centres) * size / (size - 1)
            var best = (cluster: from, cost: gain)
            for cluster in 0..<clusters where cluster != from {
                let other = Double(sizes[cluster])
                let cost = points.squaredDistance(row, to: cluster, of: centres) * other / (other + 1)
                if cost < best.cost { best = (cluster, cost) }
            }
            // What rounding alone would gain could go on for ever.
            guard best.cluster != from, best.cost < gain * (1 - 1e-9) else { continue }
            move(row, from: from, to: best.cluster)
            hasMoved = true
        }
        // Centres that were moved many times are made anew.
        if hasMoved { average() }
        return hasMoved
    }

    private mutating func move(_ row: Int, from: Int, to: Int) {
        for (column, value) in points[row].enumerated() {
            let (old, new) = (from * points.columns + column, to * points.columns + column)
            centres[old] -= (value - centres[old]) / Double(sizes[from] - 1)
            centres[new] += (value - centres[new]) / Double(sizes[to] + 1)
        }
        sizes[from] -= 1
        sizes[to] += 1
        labels[row] = to
    }
}
