/// How a method did at all origins of an evaluation.
package struct MethodScore: Sendable, Codable {
    package let name: String
    /// The sums over cells at each origin, in the order of the report's origins.
    package private(set) var origins: [OriginScore] = []
    package private(set) var calibration = Calibration()
    private let cells: Int

    init(name: String, cells: Int) {
        self.name = name
        self.cells = cells
    }

    /// Adds an origin.
    ///
    /// - Parameter ranking: The numbers by which cells are ranked.
    mutating func add(
        _ distributions: [CountDistribution], ranking: [Double], _ counts: [Int32], seed: UInt64
    ) {
        var random = Mixer(seed: seed)
        var score = OriginScore(hits: RankedHits(ranking: ranking, counts: counts))
        for (distribution, count) in zip(distributions, counts) {
            let count = Int(count)
            let poisson = CountDistribution(mean: distribution.mean)
            score.logScore += distribution.logProbability(count)
            score.poissonLogScore += poisson.logProbability(count)
            score.crps += distribution.crps(count)
            score.poissonCRPS += poisson.crps(count)
            score.expected += distribution.mean
            calibration.add(distribution, count, random: random.share())
        }
        origins.append(score)
    }

    /// The mean over cells and origins of a score.
    private func mean(_ score: KeyPath<OriginScore, Double>) -> Double {
        origins.reduce(0) { $0 + $1[keyPath: score] } / Double(max(1, origins.count * cells))
    }

    /// The mean logarithm of the chance given to what happened, with negative binomial counts; more is better.
    package var logScore: Double { mean(\.logScore) }
    /// The same with Poisson counts of the same means.
    package var poissonLogScore: Double { mean(\.poissonLogScore) }
    /// The mean continuous ranked probability score, with negative binomial counts; less is better.
    package var crps: Double { mean(\.crps) }
    /// The same with Poisson counts of the same means.
    package var poissonCRPS: Double { mean(\.poissonCRPS) }
    /// The events that were expected and those that happened.
    package var expected: Double { origins.reduce(0) { $0 + $1.expected } }
    package var events: Double { origins.reduce(0) { $0 + $1.hits.events } }

    /// The hits of all origins together.
    package var hits: RankedHits? {
        guard var all = origins.first?.hits else { return nil }
        for origin in origins.dropFirst() { all.add(origin.hits) }
        return all
    }
}

/// The sums over the cells at one origin.
package struct OriginScore: Sendable, Equatable, Codable {
    package internal(set) var logScore = 0.0
    package internal(set) var poissonLogScore = 0.0
    package internal(set) var crps = 0.0
    package internal(set) var poissonCRPS = 0.0
    package internal(set) var expected = 0.0
    package let hits: RankedHits

    init(hits: RankedHits) { self.hits = hits }
}
