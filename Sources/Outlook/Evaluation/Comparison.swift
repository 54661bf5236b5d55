/// The outlook's scores less those of a rival, with the range in which 95 % of resamples of weeks have them.
package struct Comparison: Sendable, Codable {
    package let rival: String
    /// Above 0 where the outlook is better.
    package let logScore: Difference
    /// Below 0 where the outlook is better.
    package let crps: Difference
    /// For each share of area; above 0 where the outlook is better.
    package let pai: [Difference]

    package struct Difference: Sendable, Codable, Equatable {
        package let value: Double
        package let low: Double
        package let high: Double
    }

    /// Compares two methods over the same origins.
    ///
    /// Blocks of origins are drawn with replacement, as many as there are. A block is a week, or as many weeks as the
    /// horizon spans, since forecasts of overlapping days fail together.
    ///
    /// - Parameter blocks: For each origin the number of its block.
    init(_ ours: MethodScore, _ rival: MethodScore, cells: Int, blocks: [Int], resamples: Int, seed: UInt64) {
        self.rival = rival.name
        let numbers = Array(Set(blocks)).sorted()
        let members = numbers.map { number in blocks.indices.filter { blocks[$0] == number } }
        func figures(_ chosen: [Int]) -> [Double] {
            var log = 0.0
            var crps = 0.0
            var hits = [Double](repeating: 0, count: RankedHits.shares.count)
            var events = 0.0
            for origin in chosen {
                let (left, right) = (ours.origins[origin], rival.origins[origin])
                log += left.logScore - right.logScore
                crps += left.crps - right.crps
                for index in hits.indices { hits[index] += left.hits.hits[index] - right.hits.hits[index] }
                events += left.hits.events
            }
            let forecasts = Double(max(1, chosen.count * cells))
            let shares = ours.origins.first?.hits.chosen ?? []
            return [log / forecasts, crps / forecasts]
                + zip(hits, shares).map { events > 0 ? $0 / events / $1 : 0 }
        }
        let whole = figures(Array(blocks.indices))
        var random = Mixer(seed: seed)
        var drawn = [[Double]](repeating: [], count: whole.count)
        for _ in 0..<resamples where !members.isEmpty {
            let chosen = members.indices.flatMap { _ in members[Int.random(in: members.indices, using: &random)] }
            for (index, figure) in figures(chosen).enumerated() { drawn[index].append(figure) }
        }
        let differences = zip(whole, drawn).map { value, drawn in
            let sorted = drawn.sorted()
            guard !sorted.isEmpty else { return Difference(value: value, low: value, high: value) }
            return Difference(
                value: value, low: sorted[sorted.count * 25 / 1000], high: sorted[sorted.count * 975 / 1000])
        }
        logScore = differences[0]
        crps = differences[1]
        pai = Array(differences[2...])
    }
}
