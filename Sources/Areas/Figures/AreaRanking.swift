/// The place of each area among the others of its layer, by rates.
package enum AreaRanking {
    /// The safety score of each area, from 0 to 100: the share of the other areas whose rate is higher, where one with
    /// the same rate counts half.
    ///
    /// - Parameter rates: The empirical Bayes rate of weighted events of each area; nil for areas without one, which
    ///   get no score and do not count. A single area gets none either, since it has no others.
    package static func safetyScores(_ rates: [Double?]) -> [Double?] {
        let sorted = rates.compactMap(\.self).sorted()
        guard sorted.count > 1 else { return rates.map { _ in nil } }
        return rates.map { rate in
            guard let rate else { return nil }
            let higher = sorted.count - place(in: sorted) { $0 > rate }
            let ties = sorted.count - higher - place(in: sorted) { $0 >= rate } - 1
            return 100 * (Double(higher) + Double(ties) / 2) / Double(sorted.count - 1)
        }
    }

    /// The areas whose rates are nearest to each area's, the nearest first; of two that are equally near, the one with
    /// the lower rate.
    ///
    /// - Parameter rates: The empirical Bayes rate of each area; those without one have no peers and are none.
    package static func peers(_ rates: [Double?], count: Int = 5) -> [[Int]] {
        let known = rates.indices.compactMap { index in rates[index].map { (index: index, rate: $0) } }
            .sorted { ($0.rate, $0.index) < ($1.rate, $1.index) }
        var peers = [[Int]](repeating: [], count: rates.count)
        for (place, area) in known.enumerated() {
            var (low, high) = (place - 1, place + 1)
            while peers[area.index].count < count, low >= 0 || high < known.count {
                let isLower =
                    high == known.count || (low >= 0 && area.rate - known[low].rate <= known[high].rate - area.rate)
                peers[area.index].append(known[isLower ? low : high].index)
                if isLower { low -= 1 } else { high += 1 }
            }
        }
        return peers
    }

    /// The index of the first element of a sorted array for which `isBeyond` holds.
    private static func place(in sorted: [Double], _ isBeyond: (Double) -> Bool) -> Int {
        var (low, high) = (0, sorted.count)
        while low < high {
            let middle = (low + high) / 2
            if isBeyond(sorted[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
