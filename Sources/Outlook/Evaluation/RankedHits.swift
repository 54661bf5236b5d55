/// How many events fall into the cells that a forecast ranks first.
package struct RankedHits: Sendable, Equatable, Codable {
    /// The shares of the area that are looked at: 1, 2.5 and 5 % of its cells.
    package static let shares = [0.01, 0.025, 0.05]

    /// The number of cells for a share of the area: rounded up, at least 1.
    package static func cells(_ share: Double, of count: Int) -> Int {
        // The product of decimal shares is a little more than it says: 0.05 x 60 is 3, not 4 cells.
        max(1, min(count, Int((share * Double(count) - 1e-9).rounded(.up))))
    }

    /// For each share, the events in the cells that are ranked first.
    package private(set) var hits: [Double]
    /// For each share, the events in the cells that hindsight would have ranked first.
    package private(set) var best: [Double]
    /// All events.
    package private(set) var events: Double
    /// For each share, the chosen cells as a share of all; the mean of what was added.
    package let chosen: [Double]

    /// Counts the hits of one ranking.
    ///
    /// Where cells at the boundary have equal values, each of them is in with the same chance, so a part of their
    /// events counts and the order of the cells does not matter.
    package init(ranking: [Double], counts: [Int32]) {
        precondition(ranking.count == counts.count && !counts.isEmpty, "one count for each ranked cell")
        let order = ranking.indices.sorted { ranking[$0] > ranking[$1] }
        let ordered = counts.sorted(by: >)
        events = Double(counts.reduce(0) { $0 + Int($1) })
        var hits: [Double] = []
        var best: [Double] = []
        for share in Self.shares {
            let size = Self.cells(share, of: counts.count)
            best.append(Double(ordered[..<size].reduce(0) { $0 + Int($1) }))
            let last = ranking[order[size - 1]]
            var sure = 0
            var (above, tied, tiedEvents) = (0, 0, 0)
            for cell in order {
                if ranking[cell] > last {
                    sure += Int(counts[cell])
                    above += 1
                } else if ranking[cell] == last {
                    tied += 1
                    tiedEvents += Int(counts[cell])
                } else {
                    break
                }
            }
            hits.append(Double(sure) + Double(tiedEvents) * Double(size - above) / Double(tied))
        }
        self.hits = hits
        self.best = best
        chosen = Self.shares.map { Double(Self.cells($0, of: counts.count)) / Double(counts.count) }
    }

    /// Adds the hits of another origin over the same area.
    package mutating func add(_ other: RankedHits) {
        for index in hits.indices {
            hits[index] += other.hits[index]
            best[index] += other.best[index]
        }
        events += other.events
    }

    /// The share of events in the chosen cells.
    package var hitRates: [Double] { hits.map { events > 0 ? $0 / events : 0 } }

    /// The hit rates as a multiple of the share of area (predictive accuracy index). S. Chainey, L. Tompson and
    /// S. Uhlig, Security Journal 21 (2008).
    package var pai: [Double] { zip(hitRates, chosen).map { $0 / $1 } }

    /// The hits as a share of the most that so many cells could have had (predictive efficiency index). J. M. Hunt, "Do
    /// crime hot spots move?" (2016).
    package var pei: [Double] { zip(hits, best).map { $1 > 0 ? $0 / $1 : 0 } }
}
