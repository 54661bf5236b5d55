/// How well rows lie in their clusters (Rousseeuw, 1987).
package enum Silhouette {
    /// The largest number of rows that are compared with each other.
    package static let mostRows = 5000

    /// The mean silhouette, from -1 to 1, of Euclidean distances. A row alone in its cluster counts 0, as in
    /// scikit-learn.
    /// - Parameter labels: The cluster of each row, from 0; two clusters at least.
    package static func mean(_ points: Points, _ labels: [Int]) -> Double {
        let clusters = (labels.max() ?? -1) + 1
        var sizes = [Int](repeating: 0, count: clusters)
        for label in labels { sizes[label] += 1 }
        var sum = 0.0
        for row in 0..<points.rows where sizes[labels[row]] > 1 {
            var distances = [Double](repeating: 0, count: clusters)
            for other in 0..<points.rows where other != row {
                distances[labels[other]] += points.squaredDistance(row, other).squareRoot()
            }
            let own = distances[labels[row]] / Double(sizes[labels[row]] - 1)
            var nearest = Double.infinity
            for cluster in 0..<clusters where cluster != labels[row] && sizes[cluster] > 0 {
                nearest = min(nearest, distances[cluster] / Double(sizes[cluster]))
            }
            guard nearest.isFinite, max(own, nearest) > 0 else { continue }
            sum += (nearest - own) / max(own, nearest)
        }
        return points.rows == 0 ? 0 : sum / Double(points.rows)
    }
}
