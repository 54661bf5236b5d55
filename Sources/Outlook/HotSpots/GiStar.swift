import Foundation

/// The Getis-Ord Gi* statistic of counts, with weight 1 for a cell and each neighbour and 0 for all others.
///
/// J. K. Ord and A. Getis, "Local Spatial Autocorrelation Statistics", Geographical Analysis 27 (1995), equation 14.
package enum GiStar {
    /// The z-score of every cell.
    ///
    /// With x the counts of the N cells, W the number of a cell and its neighbours, s the standard deviation of the
    /// population: z = (sum of x over them - W mean) / (s sqrt((N W - W^2) / (N - 1))). It is 0 where that has no
    /// value: where all counts are equal, and for a cell whose neighbours are the whole area. Sums are exact in
    /// integers, so equal surroundings have exactly equal scores. O(N).
    ///
    /// - Parameter counts: One count of 0 to `CellCounts.most` for each cell.
    package static func scores(of counts: [Int32], _ ring: CellRing) -> [Double] {
        let cells = counts.count
        precondition(ring.starts.count == cells + 1, "one count for each cell")
        var total = 0
        var squares = 0
        for count in counts {
            total += Int(count)
            squares += Int(count) * Int(count)
        }
        // N times sum x^2 - (sum x)^2; all of these fit in 64 bits for a million cells with a thousand events each, and
        // otherwise floating point is as good.
        let product = cells.multipliedReportingOverflow(by: squares)
        let square = total.multipliedReportingOverflow(by: total)
        let spread =
            product.overflow || square.overflow
            ? Double(cells) * Double(squares) - Double(total) * Double(total)
            : Double(product.partialValue - square.partialValue)
        guard spread > 0, cells > 1 else { return [Double](repeating: 0, count: cells) }
        let scale = (0...7).map { weight in
            (spread * Double(weight * (cells - weight)) / Double(cells - 1)).squareRoot()
        }
        return counts.indices.map { cell in
            let range = ring.range(cell)
            var sum = Int(counts[cell])
            for member in range { sum += Int(counts[Int(ring.members[member])]) }
            let weight = range.count + 1
            guard scale[weight] > 0 else { return 0 }
            return Double(cells * sum - total * weight) / scale[weight]
        }
    }
}
