import Domain
import Risk

/// The explanation of a score, as JSON and as text for people.
struct ScoreReport: Encodable {
    let dataset: String
    let resolution: Int
    let cell: String
    let date: String
    let isCurrent: Bool
    let counts: [Count]
    let eventCount: Int
    let rolling7dAvg: Double
    let previous7dAvg: Double
    let growthRate: Double
    let weights: Weights
    let risk: Double
    let run: Run
    let riskScore: Double
    let riskLevel: String
    let mean: Double
    let deviation: Double
    let zScore: Double
    let anomaly: Bool

    private enum CodingKeys: String, CodingKey {
        case dataset, resolution, cell, date, isCurrent, counts, eventCount, growthRate, weights, risk, run, riskScore
        case riskLevel, mean, deviation, zScore, anomaly
        // The encoder would turn these into rolling7d_avg and previous7d_avg.
        case rolling7dAvg = "rolling_7d_avg"
        case previous7dAvg = "previous_7d_avg"
    }

    struct Count: Encodable {
        let date: String
        let events: Int
    }

    struct Weights: Encodable {
        let count: Double
        let growth: Double
        let average: Double
    }

    struct Run: Encodable {
        let id: Int64
        let from: String
        let to: String
        let days: Int
        let normalization: String
        let rows: Int
        let lowestRisk: Double
        let highestRisk: Double
        let levelMedium: Double
        let levelHigh: Double
        let levelCritical: Double
        let flagZ: Double
        /// The number of the cell's events.
        let events: Int
    }

    init(_ found: ScoreExplanation, dataset: Slug, cell: String, day: LocalDay, resolution: Int) {
        self.dataset = dataset.text
        self.resolution = resolution
        self.cell = cell
        date = "\(day)"
        isCurrent = found.isCurrent
        counts = found.window.map { Count(date: "\($0.day)", events: $0.count) }
        eventCount = found.figures.count
        rolling7dAvg = found.figures.rolling7dAvg
        previous7dAvg = found.previous
        growthRate = found.figures.growthRate
        weights = Weights(count: found.weights.count, growth: found.weights.growth, average: found.weights.average)
        risk = found.figures.risk
        let days = found.run.days
        let thresholds = found.run.thresholds
        run = Run(
            id: found.run.number, from: "\(days.lowerBound)", to: "\(days.upperBound)",
            days: days.lowerBound.distance(to: days.upperBound) + 1, normalization: found.run.normalization.rawValue,
            rows: found.run.rows, lowestRisk: found.run.lowestRisk, highestRisk: found.run.highestRisk,
            levelMedium: thresholds.medium, levelHigh: thresholds.high, levelCritical: thresholds.critical,
            flagZ: thresholds.flagZ, events: found.events)
        riskScore = found.figures.score
        riskLevel = found.figures.level.rawValue
        mean = found.spread.mean
        deviation = found.spread.deviation
        zScore = found.figures.zScore
        anomaly = found.figures.isFlagged
    }

    var text: String {
        let week = counts.map { "\($0.date) \($0.events)" }.joined(separator: ", ")
        let outdated = isCurrent ? "" : "\nEvents changed after this run; the next run will score them again.\n"
        return """
            \(dataset), resolution \(resolution), cell \(cell), \(date)
            \(outdated)
            events          \(week)
            event_count     \(eventCount)
            rolling_7d_avg  \(rolling7dAvg)
            previous        \(previous7dAvg)
            growth_rate     (\(eventCount) - previous) / max(previous, 1/7) = \(growthRate)
            risk            \(sum) = \(risk)

            run \(run.id)       \(run.from) to \(run.to), \(run.days) days, \(run.rows) rows
            risk_score      \(scale) = \(riskScore)
                            \(choice)
            risk_level      \(riskLevel): \(bands)
            z_score         (\(eventCount) - mean \(mean)) / sd \(deviation) = \(zScore)
                            from \(run.events) events of the cell over the run
            anomaly         \(anomaly): flagged from \(run.flagZ) on
            """
    }

    private var bands: String {
        "medium above \(run.levelMedium), high above \(run.levelHigh), critical above \(run.levelCritical)"
    }

    private var sum: String {
        "\(weights.count) event_count + \(weights.growth) growth_rate + \(weights.average) rolling_7d_avg"
    }

    /// Why scores of the normalization are as they are.
    private var choice: String {
        run.normalization == Normalization.minmax.rawValue
            ? "minmax: the largest risk of the run is 100, so a few extraordinary days keep most scores low"
            : "percentile: the rank among the rows of the run, so every level has its share of them"
    }

    private var scale: String {
        run.normalization == Normalization.minmax.rawValue
            ? "100 (risk - \(run.lowestRisk)) / (\(run.highestRisk) - \(run.lowestRisk))"
            : "percentage of the other \(run.rows - 1) rows with a lower risk"
    }
}
